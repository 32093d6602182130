import { expect, test } from 'vitest';
import degraded from '../../experiments/degraded.ts';
import { evaluate } from '../../src/engine/reference.ts';
import * as g from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { nets } from './nets.ts';

const model = nets.plain(createRng(1), {});
const [height, width] = model.size;
const values = Float64Array.from({ length: 2 * 3 * height * width }, (_, i) => i);

/** The degraded copy of a map that holds its own indices, two pictures of three channels. */
function degradedMap(options: object): Float64Array {
  const target = g.input('target', ['N', 4]);
  const parsed = degraded.options.parse({ of: 'any', side: 2, ...options });
  const map = degraded.attribution({ model, target, options: parsed, wrapped: () => model.pixels });
  const pixels = { shape: [2, 3, height, width], data: values };
  return Float64Array.from(evaluate([map], new Map([[model.pixels, pixels]]), 2)[0].data);
}
const moved = (options: object) => Array.from(degradedMap(options)).flatMap((v, i) => (v === values[i] ? [] : [i]));

test('keeps all values of each channel of each picture', () => {
  const map = degradedMap({ share: 1 });
  const size = height * width;
  for (let c = 0; c < 6; c++)
    expect(map.slice(c * size, (c + 1) * size).toSorted()).toEqual(values.slice(c * size, (c + 1) * size));
});

test('moves the share that it says, and with a larger share the same squares and more', () => {
  expect(moved({ share: 0 })).toHaveLength(0);
  const [third, all] = [moved({ share: 1 / 3 }), moved({ share: 1 })];
  expect(third).toHaveLength(values.length / 3);
  expect(all).toHaveLength(values.length);
  const half = new Set(moved({ share: 0.67 }));
  expect([...third].every((i) => half.has(i))).toBe(true);
});

test('moves squares as they are, others with another seed', () => {
  const map = degradedMap({ share: 1 });
  for (let y = 0; y < height; y += 2)
    for (let x = 0; x < width; x += 2) {
      const p = y * width + x;
      expect([map[p + 1] - map[p], map[p + width] - map[p]]).toEqual([1, width]);
    }
  expect(degradedMap({ share: 1, seed: 1 })).not.toEqual(map);
});
