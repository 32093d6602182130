import { describe, expect, it } from 'vitest';
import { evaluate, type Value } from '../../src/engine/reference.ts';
import { integratedGradients } from '../../src/explainers/integrated-gradients.ts';
import { gaussLegendre, riemannRight, trapezoid } from '../../src/explainers/quadrature.ts';
import * as g from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { nets } from './nets.ts';

const image = (size: number, seed: number): Value => {
  const rng = createRng(seed, 'image');
  return { shape: [1, 3, size, size], data: Float64Array.from({ length: 3 * size * size }, () => rng.uniform()) };
};
const chosen: Value = { shape: [1, 4], data: Float64Array.of(0, 0, 1, 0) };

describe('quadrature', () => {
  it.each([1, 2, 3, 8, 50])('Gauss-Legendre with %i nodes is exact up to degree 2n-1', (n) => {
    const { nodes, weights } = gaussLegendre(n);
    for (const degree of [0, 1, n, 2 * n - 1]) {
      const integral = nodes.reduce((s, x, i) => s + weights[i] * x ** degree, 0);
      expect(integral).toBeCloseTo(1 / (degree + 1), 12);
    }
  });

  it('agrees with tabulated nodes and weights for n = 3', () => {
    const { nodes, weights } = gaussLegendre(3);
    expect([...nodes]).toEqual([0.5 - Math.sqrt(0.15), 0.5, 0.5 + Math.sqrt(0.15)].map((v) => expect.closeTo(v, 14)));
    expect([...weights]).toEqual([5 / 18, 4 / 9, 5 / 18].map((v) => expect.closeTo(v, 14)));
  });

  it.each([riemannRight(7), trapezoid(7)])('weights sum to 1', ({ weights }) => {
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
  });
});

describe('ig', () => {
  it.each(['black', 'mean', 'white'] as const)('is complete from a %s baseline on a smooth net', (baseline) => {
    const model = nets.skip(createRng(1, 'ig'), { activation: (x) => g.softplus(x, 3), normalise: true });
    const target = g.input('target', ['N', 4]);
    const attribution = integratedGradients.attribution({
      model,
      target,
      options: integratedGradients.options.parse({ baseline }),
    });
    const pixels = image(6, 1);
    const logit = (p: Value) => evaluate([model.logits], new Map([[model.pixels, p]]), 1)[0].data[2];
    const start: Value = {
      shape: pixels.shape,
      data: pixels.data.map((_, i) => {
        if (baseline !== 'mean') return baseline === 'black' ? 0 : 1;
        const channel = pixels.data.subarray(Math.floor(i / 36) * 36, Math.floor(i / 36) * 36 + 36);
        return channel.reduce((a, b) => a + b, 0) / 36;
      }),
    };
    const [map] = evaluate(
      [attribution],
      new Map([
        [model.pixels, pixels],
        [target, chosen],
      ]),
      1,
    );
    expect(map.data.reduce((a, b) => a + b, 0)).toBeCloseTo(logit(pixels) - logit(start), 6);
  });

  it.each(['riemann-right', 'trapezoid', 'gauss-legendre'] as const)('equals the sum written out, %s', (rule) => {
    const model = nets.pooled(createRng(2, 'ig'));
    const target = g.input('target', ['N', 4]);
    const steps = 5;
    const attribution = integratedGradients.attribution({
      model,
      target,
      options: integratedGradients.options.parse({ steps, rule }),
    });
    const pixels = image(6, 2);
    const [map] = evaluate(
      [attribution],
      new Map([
        [model.pixels, pixels],
        [target, chosen],
      ]),
      1,
    );
    const { nodes, weights } = { 'riemann-right': riemannRight, trapezoid, 'gauss-legendre': gaussLegendre }[rule](
      steps,
    );
    const [slope] = g.grad(g.reduceSum(g.mul(model.logits, target)), [model.pixels]);
    const expected = new Float64Array(map.data.length);
    nodes.forEach((alpha, k) => {
      const point = { shape: pixels.shape, data: pixels.data.map((v) => alpha * v) };
      const [d] = evaluate(
        [slope],
        new Map([
          [model.pixels, point],
          [target, chosen],
        ]),
        1,
      );
      d.data.forEach((v, i) => (expected[i] += weights[k] * v * pixels.data[i]));
    });
    map.data.forEach((v, i) => expect(v).toBeCloseTo(expected[i], 10));
  });
});
