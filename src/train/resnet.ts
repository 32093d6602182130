import { add, named, reduceMean, type Node } from '../graph/index.ts';
import { activations, type Activation } from './activation.ts';
import type { Layers } from './architecture.ts';
import type { Family } from './family.ts';
import { recipes } from './recipe.ts';

/** Channels of the stages; the second and the third halve the picture. */
const stages = [24, 48, 96];

/** Two 3x3 convolutions and a skip past them, which a strided 1x1 convolution fits to a new size. */
function block(name: string, x: Node, layers: Layers, channels: number, stride: number, activation: Activation): Node {
  const act = (z: Node, i: 1 | 2) => named(activations[activation](z), `${name}.${activation}${i}`);
  const first = act(layers.convNorm(`${name}.conv1`, x, channels, 3, stride), 1);
  const second = layers.convNorm(`${name}.conv2`, first, channels, 3);
  const skip = x.shape[1] === channels ? x : layers.convNorm(`${name}.shortcut`, x, channels, 1, stride);
  return act(named(add(second, skip), `${name}.add`), 2);
}

/** Residual blocks of two convolutions and a global average pool over the last 8x8 picture. */
export const resnet: Family = {
  name: 'scenes-resnet',
  depths: [8, 14, 20],
  usualDepth: 14,
  net(name, depth, activation) {
    const perStage = (depth - 2) / 2 / stages.length;
    return {
      name,
      title: `ResNet-style net of ${perStage * stages.length} residual blocks`,
      recipe: recipes[activation],
      logits(pixels, layers, classes) {
        const stem = layers.convNorm('stem.conv', pixels, stages[0], 3, 2);
        let x = named(activations[activation](stem), `stem.${activation}`);
        stages.forEach((channels, i) => {
          for (let j = 1; j <= perStage; j++) {
            const stride = i > 0 && j === 1 ? 2 : 1;
            x = block(`stage${i + 1}.block${j}`, x, layers, channels, stride, activation);
          }
        });
        return layers.dense('fc', named(reduceMean(x, [2, 3]), 'gap'), classes);
      },
    };
  },
};
