import * as g from '../../src/graph/index.ts';
import type { Model } from '../../src/model/model.ts';
import { randomModel } from './layers.ts';

/** Channels that each fire module squeezes to and expands to (twice); a pool goes before those marked. */
const fires: readonly (readonly [squeeze: number, expand: number, pooled?: boolean])[] = [
  [16, 64, true],
  [16, 64],
  [32, 128, true],
  [32, 128],
  [48, 192, true],
  [48, 192],
  [64, 256],
  [64, 256],
];

/** SqueezeNet 1.1 (arXiv:1602.07360), as in torchvision. */
export const squeezenet = (): Model =>
  randomModel('squeezenet1_1', (input, { conv }) => {
    let x = g.relu(conv(input, 64, 3, 2, 0));
    for (const [squeeze, expand, pooled] of fires) {
      if (pooled) x = g.maxPool(x, { kernel: [3, 3], strides: [2, 2], pads: [0, 0, 0, 0], ceil: true });
      const narrow = g.relu(conv(x, squeeze, 1));
      x = g.concat([g.relu(conv(narrow, expand, 1)), g.relu(conv(narrow, expand, 3))], 1);
    }
    return g.reduceMean(g.relu(conv(x, 1000, 1)), [2, 3]);
  });
