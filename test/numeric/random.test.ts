import { describe, expect, test } from 'vitest';
import { createRng } from '../../src/numeric/random.ts';

const draw = <T>(n: number, next: () => T) => Array.from({ length: n }, next);
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('a generator', () => {
  test('repeats itself for the same seed and key, and only then', () => {
    const sequence = (seed: number, key?: string) => draw(5, createRng(seed, key).uniform);
    expect(sequence(1, 'a')).toEqual(sequence(1, 'a'));
    expect(sequence(1, 'a')).not.toEqual(sequence(1, 'b'));
    expect(sequence(1, 'a')).not.toEqual(sequence(2, 'a'));
    expect(sequence(1)).toEqual(sequence(1, ''));
  });

  test('gives the numbers that results were recorded with', () => {
    const rng = createRng(0, 'unit');
    expect([rng.uniform(), rng.integer(1000)]).toEqual([0.38962298540029416, 483]);
    // Sine and logarithm may differ in the last bit between machines.
    expect(rng.normal()).toBeCloseTo(0.6921534090836287, 12);
  });

  test('derives others without moving on', () => {
    const [a, b] = [createRng(3), createRng(3)];
    const child = a.derive('noise');
    child.uniform();
    expect(a.uniform()).toBe(b.uniform());
    expect(b.derive('noise').uniform()).toBe(createRng(3).derive('noise').uniform());
    expect(createRng(3).derive('noise').uniform()).not.toBe(createRng(3).derive('other').uniform());
    expect(createRng(3).derive('a').derive('b').uniform()).not.toBe(createRng(3).derive('b').derive('a').uniform());
  });

  test('is uniform on [0,1), normal with variance 1, and even over integers', () => {
    const rng = createRng(4);
    const uniform = draw(20_000, rng.uniform);
    expect(uniform.every((v) => v >= 0 && v < 1)).toBe(true);
    expect(mean(uniform)).toBeCloseTo(0.5, 2);
    const normal = draw(20_000, () => rng.normal());
    expect(Math.abs(mean(normal))).toBeLessThan(0.03);
    expect(mean(normal.map((v) => v * v))).toBeCloseTo(1, 1);
    expect(mean(normal.map((v) => v ** 4))).toBeGreaterThan(2.7);
    expect(mean(normal.map((v) => v ** 4))).toBeLessThan(3.3);
    const counts = [0, 0, 0, 0, 0];
    for (const v of draw(20_000, () => rng.integer(5))) counts[v]++;
    for (const count of counts) expect(Math.abs(count - 4000)).toBeLessThan(250);
  });

  test('shuffles in place, keeping every item, each order as often', () => {
    const rng = createRng(5);
    const items = [1, 2, 3];
    expect(rng.shuffle(items)).toBe(items);
    const orders = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = rng.shuffle([1, 2, 3]).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
