import { maxPool, named, relu, reshape, type Node } from '../graph/index.ts';
import type { Architecture } from './architecture.ts';

/** Channels of the convolutions of each stage; a 2x2 max pool ends the stage. */
const stages = [
  [16, 16],
  [32, 32],
  [64, 64],
  [128, 128],
];

const halve = (x: Node): Node => maxPool(x, { kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0], ceil: false });

/** Stacked 3x3 convolutions and max pools, and a linear layer on the last 4x4 picture. */
export const vgg: Architecture = {
  name: 'scenes-vgg',
  title: 'VGG-style net of 8 convolutions',
  logits(pixels, layers, classes) {
    let x = pixels;
    stages.forEach((channels, i) => {
      channels.forEach((count, j) => {
        const layer = `${i + 1}_${j + 1}`;
        x = named(relu(layers.convNorm(`conv${layer}`, x, count, 3)), `relu${layer}`);
      });
      x = named(halve(x), `pool${i + 1}`);
    });
    const [n, ...rest] = x.shape as [number, number, number, number];
    return layers.dense('fc', named(reshape(x, [n, rest.reduce((a, b) => a * b)]), 'flatten'), classes);
  },
};
