import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { norms } from '../../attacks/norms.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import * as g from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { tensor, type Tensor } from '../../src/numeric/tensor.ts';

const engine = createOnnxRuntimeEngine({ threads: 1 });
afterAll(() => engine.release());

const absolutes = (values: readonly number[]) => values.map(Math.abs);
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const naive = {
  linf: (v: readonly number[]) => Math.max(...absolutes(v)),
  l2: (v: readonly number[]) => Math.sqrt(sum(v.map((x) => x * x))),
  l1: (v: readonly number[]) => sum(absolutes(v)),
};
const duals = { linf: naive.l1, l2: naive.l2, l1: naive.linf };
const names = Object.keys(norms) as (keyof typeof norms)[];

const size = 12;
const x = g.input('x', ['N', 3, 2, 2]);
const value = fc.double({ min: -2, max: 2, noNaN: true }).map(Math.fround);
const batches = fc.array(fc.array(value, { minLength: size, maxLength: size }), { minLength: 1, maxLength: 3 });
const fed = (rows: readonly (readonly number[])[]): Tensor => tensor([rows.length, 3, 2, 2], rows.flat());
const rowsOf = ({ data, shape }: Tensor): number[][] =>
  Array.from({ length: shape[0] }, (_, i) => [...data.subarray(i * size, (i + 1) * size)]);

describe.each(names)('%s', (name) => {
  const norm = norms[name];
  const measured = engine.compile({ measure: norm.measure(x), dual: norm.dual(x), unit: norm.normalise(x) });

  it('measures as its definition says, each picture for itself', () =>
    fc.assert(
      fc.asyncProperty(batches, async (rows) => {
        const { measure, dual, unit } = await measured.run({ x: fed(rows) });
        rows.forEach((row, i) => {
          expect(measure.data[i]).toBeCloseTo(naive[name](row), 4);
          expect(dual.data[i]).toBeCloseTo(duals[name](row), 4);
          const length = naive[name](rowsOf(unit)[i]);
          if (naive[name](row) > 1e-6) expect(length).toBeCloseTo(1, 5);
          else expect(length).toBeLessThanOrEqual(1 + 1e-6);
        });
      }),
      { numRuns: 30 },
    ));

  it.each([0.05, 1])('projects into a ball of %s, twice as once, and leaves what is inside', (radius) => {
    const projected = norm.project(x, radius);
    const program = engine.compile({ once: projected, twice: norm.project(projected, radius) });
    return fc.assert(
      fc.asyncProperty(batches, async (rows) => {
        const results = await program.run({ x: fed(rows) });
        const [once, twice] = [rowsOf(results.once), rowsOf(results.twice)];
        rows.forEach((row, i) => {
          expect(naive[name](once[i])).toBeLessThanOrEqual(radius * (1 + 1e-6));
          once[i].forEach((v, j) => expect(Math.abs(v - twice[i][j])).toBeLessThanOrEqual(1e-6 * radius));
          if (naive[name](row) < radius * (1 - 1e-6)) once[i].forEach((v, j) => expect(v - row[j]).toBe(0));
        });
      }),
      { numRuns: 30 },
    );
  });

  it('starts uniformly in the ball', () => {
    const [n, draws] = [3, 2000];
    const rng = createRng(0, name);
    const points = Array.from({ length: draws }, () => [...norm.randomStart(n, rng)]);
    const lengths = points.map(naive[name]);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1 + 1e-6);
    // The ball of half the radius has an eighth of the volume in three dimensions.
    const share = lengths.filter((v) => v < 0.5).length / draws;
    expect(Math.abs(share - 1 / 8)).toBeLessThan(4 * Math.sqrt(7 / 64 / draws));
    for (let axis = 0; axis < n; axis++) {
      const positive = points.filter((p) => p[axis] > 0).length / draws;
      expect(Math.abs(positive - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / draws));
    }
  });
});
