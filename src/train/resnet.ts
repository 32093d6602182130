import { add, named, reduceMean, relu, type Node } from '../graph/index.ts';
import type { Architecture, Layers } from './architecture.ts';

/** Channels of the three stages of two blocks; the second and the third halve the picture. */
const stages = [24, 48, 96];

/** Two 3x3 convolutions and a skip past them, which a strided 1x1 convolution fits to a new size. */
function block(name: string, x: Node, layers: Layers, channels: number, stride: number): Node {
  const first = named(relu(layers.convNorm(`${name}.conv1`, x, channels, 3, stride)), `${name}.relu1`);
  const second = layers.convNorm(`${name}.conv2`, first, channels, 3);
  const skip = x.shape[1] === channels ? x : layers.convNorm(`${name}.shortcut`, x, channels, 1, stride);
  return named(relu(named(add(second, skip), `${name}.add`)), `${name}.relu2`);
}

/** Residual blocks and a global average pool over the last 8x8 picture. */
export const resnet: Architecture = {
  name: 'scenes-resnet',
  title: 'ResNet-style net of 6 residual blocks',
  logits(pixels, layers, classes) {
    let x = named(relu(layers.convNorm('stem.conv', pixels, stages[0], 3, 2)), 'stem.relu');
    stages.forEach((channels, i) => {
      for (let j = 1; j <= 2; j++) {
        const stride = i > 0 && j === 1 ? 2 : 1;
        x = block(`stage${i + 1}.block${j}`, x, layers, channels, stride);
      }
    });
    return layers.dense('fc', named(reduceMean(x, [2, 3]), 'gap'), classes);
  },
};
