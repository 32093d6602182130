import * as g from '../../src/graph/index.ts';
import type { Model } from '../../src/model/model.ts';
import { randomModel } from './layers.ts';

/** Blocks and width of each stage. */
const stages = [
  [3, 64],
  [4, 128],
  [6, 256],
  [3, 512],
];

/** ResNet-50 (arXiv:1512.03385) with BatchNorm folded; the second convolution of a block has its stride, as in torchvision. */
export const resnet50 = (): Model =>
  randomModel('resnet50', (input, { conv, dense }) => {
    const start = g.relu(conv(input, 64, 7, 2));
    let x = g.maxPool(start, { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceil: false });
    stages.forEach(([blocks, width], s) => {
      for (let block = 0; block < blocks; block++) {
        const stride = block === 0 && s > 0 ? 2 : 1;
        const skip = block === 0 ? conv(x, 4 * width, 1, stride) : x;
        const narrow = g.relu(conv(x, width, 1));
        const branch = conv(g.relu(conv(narrow, width, 3, stride)), 4 * width, 1);
        x = g.named(g.relu(g.add(branch, skip)), `layer${s + 1}.${block}`);
      }
    });
    return dense(g.reduceMean(x, [2, 3]), 1000);
  });
