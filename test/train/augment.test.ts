import { describe, expect, test } from 'vitest';
import { createRng } from '../../src/numeric/random.ts';
import { augment } from '../../src/train/augment.ts';
import { preprocess } from '../../src/train/preprocessing.ts';

describe('an augmented picture', () => {
  const size = 16;
  const spot = new Uint8Array(3 * size * size).fill(10);
  for (let c = 0; c < 3; c++) {
    spot[c * size * size + 6 * size + 5] = 200 + c;
    spot[c * size * size + 6 * size + 7] = 100;
  }
  const drawn = Array.from({ length: 300 }, (_, i) => {
    const to = new Float32Array(spot.length);
    augment(createRng(0, String(i)), spot, size, to);
    return to;
  });

  test('is the picture turned, mirrored and moved, in all eight ways', () => {
    const ways = drawn.map((to) => {
      const [a, b] = [200, 100].map((v) => to.indexOf(Math.fround(preprocess(v / 255))));
      return b - a;
    });
    expect(new Set(ways)).toEqual(new Set([2, -2, 2 * size, -2 * size]));
    const places = drawn.map((to) => to.indexOf(Math.fround(preprocess(200 / 255))));
    expect(new Set(places.map((p) => p % size)).size).toBeGreaterThan(8);
    expect(new Set(places.map((p) => Math.floor(p / size))).size).toBeGreaterThan(8);
  });

  test('keeps its channels together', () => {
    for (const to of drawn) {
      const places = [0, 1, 2].map((c) => to.indexOf(Math.fround(preprocess((200 + c) / 255))) - c * size * size);
      expect(new Set(places).size).toBe(1);
    }
  });
});
