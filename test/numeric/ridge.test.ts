import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { solvePositiveDefinite } from '../../src/numeric/cholesky.ts';
import { createRng, type Rng } from '../../src/numeric/random.ts';
import { ridge, ridgeWithIntercept } from '../../src/numeric/ridge.ts';

const normals = (rng: Rng, length: number) => Float64Array.from({ length }, () => rng.normal());

function observations(rng: Rng, n: number, columns: number) {
  return {
    columns,
    rows: Array.from({ length: n }, () => normals(rng, columns)),
    targets: normals(rng, n),
    weights: Float64Array.from({ length: n }, () => rng.uniform()),
  };
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((s, v, i) => s + v * b[i], 0);

describe('solvePositiveDefinite', () => {
  it('solves A x = b for A = B Bᵀ + I', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 12 }), (seed, n) => {
        const rng = createRng(seed);
        const rows = Array.from({ length: n }, () => normals(rng, n));
        const a = rows.flatMap((r, i) => rows.map((q, j) => dot(r, q) + (i === j ? 1 : 0)));
        const b = normals(rng, n);
        const x = solvePositiveDefinite(Float64Array.from(a), b);
        for (let i = 0; i < n; i++) expect(dot(a.slice(i * n, (i + 1) * n), x)).toBeCloseTo(b[i], 9);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a matrix that is singular or not definite', () => {
    expect(() => solvePositiveDefinite(Float64Array.of(1, 1, 1, 1), Float64Array.of(1, 2))).toThrow(RangeError);
    expect(() => solvePositiveDefinite(Float64Array.of(-1), Float64Array.of(1))).toThrow(/pivot 0/);
    expect(() => solvePositiveDefinite(Float64Array.of(NaN), Float64Array.of(1))).toThrow(RangeError);
  });
});

describe('ridge', () => {
  it('is where the derivative of its objective vanishes', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 6 }),
        fc.double({ min: 0, max: 10, noNaN: true }),
        (s, m, alpha) => {
          const o = observations(createRng(s), m + 5, m);
          const beta = ridge(o, alpha);
          for (let i = 0; i < m; i++) {
            const pull = o.rows.reduce((sum, x, r) => sum + o.weights[r] * (o.targets[r] - dot(beta, x)) * x[i], 0);
            expect(pull).toBeCloseTo(alpha * beta[i], 8);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('leaves the intercept free: its weighted residuals sum to 0, and a shift of all targets changes nothing', () => {
    const o = observations(createRng(3), 12, 4);
    const beta = ridgeWithIntercept(o, 2);
    const shifted = ridgeWithIntercept({ ...o, targets: o.targets.map((y) => y + 100) }, 2);
    shifted.forEach((v, i) => expect(v).toBeCloseTo(beta[i], 10));
    const residual = o.rows.map((x, r) => o.targets[r] - dot(beta, x));
    const intercept = dot(o.weights, residual) / o.weights.reduce((s, w) => s + w, 0);
    for (let i = 0; i < 4; i++) {
      const pull = o.rows.reduce((sum, x, r) => sum + o.weights[r] * (residual[r] - intercept) * x[i], 0);
      expect(pull).toBeCloseTo(2 * beta[i], 10);
    }
  });
});
