import { afterAll, describe, expect, it } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { softmaxAt } from '../../src/numeric/softmax.ts';
import { toyAttacks } from './toy.ts';

const engine = createOnnxRuntimeEngine({ threads: 1 });
afterAll(() => engine.release());
const { victim, logitsOf, prepare, run, runOne } = toyAttacks(engine);
const victims = (n: number) => Promise.all(Array.from({ length: n }, (_, seed) => victim(seed)));

/** The radius of a ball in each norm that moves the toy net's predictions a little. */
const radii = { linf: 0.02, l2: 0.25, l1: 4 } as const;
const names = Object.keys(radii) as (keyof typeof radii)[];

describe('pgd', () => {
  it.each(names)(
    '%s: stays in the ball, lowers the predicted probability, and more so in a larger one',
    async (norm) => {
      const after: number[] = [];
      for (const scale of [1, 2, 4]) {
        const epsilon = scale * radii[norm];
        const attacked = await victims(5);
        const results = await run(prepare('pgd', { norm, epsilon }), attacked);
        let total = 0;
        for (const [i, result] of results.entries()) {
          const { image, target } = attacked[i];
          expect(result[norm]).toBeLessThanOrEqual(epsilon * (1 + 1e-6));
          const now = softmaxAt(result.logits, target);
          expect(now).toBeLessThan(softmaxAt(await logitsOf(image), target));
          total += now;
        }
        after.push(total);
      }
      expect(after[1]).toBeLessThan(after[0]);
      expect(after[2]).toBeLessThan(after[1]);
    },
  );
});

describe('fgsm', () => {
  it('moves each pixel by the radius, once', async () => {
    const v = await victim(3);
    const { image, queries, gradients } = await runOne(prepare('fgsm', { epsilon: 0.05 }), v);
    expect([queries, gradients]).toEqual([2, 1]);
    image.data.forEach((p, i) => {
      const inside = v.image.data[i] > 0.05 && v.image.data[i] < 0.95;
      // A pixel whose gradient is exactly 0 stays; all others move by the radius, whichever way.
      if (inside && p !== v.image.data[i]) expect(Math.abs(p - v.image.data[i])).toBeCloseTo(0.05, 5);
    });
  });
});
