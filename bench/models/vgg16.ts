import * as g from '../../src/graph/index.ts';
import type { Model } from '../../src/model/model.ts';
import { randomModel } from './layers.ts';

const stages = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
];

/** VGG-16 (arXiv:1409.1556) with its dense head. */
export const vgg16 = (): Model =>
  randomModel('vgg16', (input, { conv, dense }) => {
    let x = input;
    stages.forEach((stage, s) => {
      stage.forEach((out, i) => {
        x = g.named(g.relu(conv(x, out, 3)), `relu${s + 1}_${i + 1}`);
      });
      x = g.named(g.maxPool(x, { kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0], ceil: false }), `pool${s + 1}`);
    });
    x = g.reshape(x, ['N', 25088]);
    for (const name of ['relu6', 'relu7']) x = g.named(g.relu(dense(x, 4096)), name);
    return dense(x, 1000);
  });
