import { expect, it } from 'vitest';
import { evaluate } from '../../src/engine/reference.ts';
import { sobel } from '../../src/explainers/sobel.ts';
import * as g from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { nets } from './nets.ts';

it('Sobel is the length of both differences of the grey picture, 0 at its border', () => {
  const model = nets.plain(createRng(1));
  const rng = createRng(2, 'edges');
  const data = Float64Array.from({ length: 108 }, () => rng.uniform());
  const map = sobel.attribution({ model, target: g.input('target', ['N', 4]), options: {} });
  const [{ data: got }] = evaluate([map], new Map([[model.pixels, { shape: [1, 3, 6, 6], data }]]), 1);
  const grey = (y: number, x: number) =>
    0.299 * data[6 * y + x] + 0.587 * data[36 + 6 * y + x] + 0.114 * data[72 + 6 * y + x];
  got.forEach((v, p) => {
    const [y, x] = [Math.floor(p / 6), p % 6];
    const inside = Math.min(y, x) > 0 && Math.max(y, x) < 5;
    const across = (r: number) => grey(r, x + 1) - grey(r, x - 1);
    const down = (c: number) => grey(y + 1, c) - grey(y - 1, c);
    const edge = (d: (i: number) => number, at: number) => d(at - 1) + 2 * d(at) + d(at + 1);
    expect(v).toBeCloseTo(inside ? Math.hypot(edge(across, y), edge(down, x)) : 0, 5);
  });
});
