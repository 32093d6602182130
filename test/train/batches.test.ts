import { describe, expect, test } from 'vitest';
import { createRng } from '../../src/numeric/random.ts';
import { batches } from '../../src/train/batches.ts';
import { tinySet } from './tiny.ts';

describe('a pass over a set', () => {
  const set = tinySet(10);
  // Every picture gets a value of its own.
  for (let i = 0; i < 10; i++) set.pixels.fill(20 * i, i * 192, (i + 1) * 192);

  test('shows every picture at most once, with its label', () => {
    const seen = [...batches(set, 4, createRng(0))].flatMap(({ pixels, labels }) =>
      [0, 1, 2, 3].map((k) => {
        const i = Math.round(((pixels.data[k * 192] * 0.25 + 0.5) * 255) / 20);
        expect([...labels.data.slice(2 * k, 2 * k + 2)]).toEqual(i % 2 ? [0, 1] : [1, 0]);
        return i;
      }),
    );
    expect(seen).toHaveLength(8);
    expect(new Set(seen).size).toBe(8);
  });

  test('has an order that depends on the generator', () => {
    const order = (seed: number) => [...batches(set, 4, createRng(seed))].map((b) => [...b.pixels.data]);
    expect(order(1)).toEqual(order(1));
    expect(order(1)).not.toEqual(order(2));
  });
});
