import { maxPool, named, reshape, type Node } from '../graph/index.ts';
import { activations } from './activation.ts';
import type { Family } from './family.ts';
import { recipes } from './recipe.ts';

/** Channels of the convolutions of each stage; a 2x2 max pool ends the stage. */
const stages = [16, 32, 64, 128];

const halve = (x: Node): Node => maxPool(x, { kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0], ceil: false });

/** Stacked 3x3 convolutions and max pools, and a linear layer on the last 4x4 picture. */
export const vgg: Family = {
  name: 'scenes-vgg',
  depths: [5, 9, 13],
  usualDepth: 9,
  net(name, depth, activation) {
    const perStage = (depth - 1) / stages.length;
    return {
      name,
      title: `VGG-style net of ${depth - 1} convolutions`,
      recipe: recipes[activation],
      logits(pixels, layers, classes) {
        let x = pixels;
        stages.forEach((channels, i) => {
          for (let j = 1; j <= perStage; j++) {
            const layer = `${i + 1}_${j}`;
            x = activations[activation](layers.convNorm(`conv${layer}`, x, channels, 3));
            x = named(x, `${activation}${layer}`);
          }
          x = named(halve(x), `pool${i + 1}`);
        });
        const [n, ...rest] = x.shape as [number, number, number, number];
        return layers.dense('fc', named(reshape(x, [n, rest.reduce((a, b) => a * b)]), 'flatten'), classes);
      },
    };
  },
};
