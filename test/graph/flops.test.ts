import { describe, expect, it } from 'vitest';
import * as g from '../../src/graph/index.ts';

const x = g.input('x', ['N', 4, 9, 8]);
const w = g.input('w', [6, 2, 3, 3]);
const attrs: Partial<g.ConvAttrs> = { strides: [2, 1], pads: [1, 0, 1, 0], groups: 2 };

/** Multiplications of a convolution, loop by loop: batch, groups, outputs, rows, columns, inputs, kernel. */
function counted(batch: number): number {
  let count = 0;
  for (let n = 0; n < batch; n++)
    for (let output = 0; output < 6; output++)
      for (let row = -1; row + 3 <= 9 + 1; row += 2)
        for (let column = 0; column + 3 <= 8; column++)
          for (let channel = 0; channel < 4 / 2; channel++) for (let tap = 0; tap < 9; tap++) count++;
  return count;
}

describe('floating-point operations', () => {
  it.each([1, 3])('of a convolution and its two gradients are those of its loops, batch %d', (batch) => {
    const y = g.conv(x, w, undefined, attrs);
    expect(g.flops([y], batch)).toBe(2 * counted(batch));
    for (const gradient of g.grad(y, [x, w])) expect(g.flops([gradient], batch)).toBe(2 * counted(batch));
  });

  it('of matrix products are two for each multiplication', () => {
    const m = g.input('m', ['N', 7]);
    const y = g.dense(m, g.input('v', [7, 5]), g.input('b', [5]));
    expect(g.flops([y], 3)).toBe(2 * 3 * 7 * 5);
    expect(g.flops([g.matmul(g.input('a', ['N', 4, 2, 3]), g.input('c', [3, 5]))], 2)).toBe(2 * 2 * 4 * 2 * 3 * 5);
  });

  it('of a node that is used twice count once, those of a loop once a term, others not at all', () => {
    const y = g.conv(x, w, undefined, attrs);
    expect(g.flops([g.add(y, y), g.relu(y)])).toBe(2 * counted(1));
    const loop = g.sumOver([g.input('alpha', [5])], [x], ([alpha], [s]) =>
      g.conv(g.mul(s, alpha), w, undefined, attrs),
    );
    expect(g.flops([loop], 2)).toBe(5 * 2 * counted(2));
  });
});
