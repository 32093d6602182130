import { describe, expect, test } from 'vitest';
import type { Sample } from '../../src/data/dataset.ts';
import { makeSample } from '../../src/data/sample.ts';
import { loadOrSkip } from '../../src/experiment/samples.ts';
import type { Subject } from '../../src/experiment/subject.ts';
import { tensor } from '../../src/numeric/tensor.ts';

const image = (height = 2, width = 4, value = 0.5) =>
  tensor([3, height, width], new Float32Array(3 * height * width).fill(value));

/** What becomes of a sample that a dataset gives to a model of 2x4 pixels. */
const loaded = (change: Partial<Sample>) =>
  loadOrSkip(
    {
      model: { name: 'net', size: [2, 4] },
      dataset: {
        ids: ['a'],
        load: () => Promise.resolve({ ...makeSample({ id: 'a', image: image() }), ...change }),
      },
      entry: { name: 'mine' },
    } as unknown as Subject,
    0,
  );

describe('a sample of a dataset', () => {
  test.each<Partial<Sample>>([{}, { image: image(2, 4, 1 + 1e-7) }, { mask: new Uint8Array(8) }])(
    'is passed on: %o',
    async (change) => expect(await loaded(change)).toMatchObject({ id: 'a', ...change }),
  );

  test.each([NaN, Infinity, 255, -0.5])('with a value of %d is skipped', async (value) => {
    const odd = image();
    odd.data[5] = value;
    expect(await loaded({ image: odd })).toEqual({ reason: 'a: holds values outside [0,1], or NaN' });
  });

  test.each<[Partial<Sample>, RegExp]>([
    [{ image: image(4, 2) }, /^the dataset "mine": its sample a has the shape \[3,4,2\], but net wants \[3,2,4\]/],
    [{ image: tensor([1, 2, 4], new Float32Array(8)) }, /has the shape \[1,2,4\]/],
    [{ mask: new Uint8Array(7) }, /has a mask of 7 values, but its picture has 8 pixels/],
    [{ id: 'b' }, /its sample a comes as b/],
  ])('that is no sample of it ends the run: %o', async (change, message) => {
    await expect(loaded(change)).rejects.toThrow(message);
  });
});
