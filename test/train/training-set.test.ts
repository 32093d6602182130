import { expect, test } from 'vitest';
import { scene } from '../../src/data/scenes.ts';
import { paintTrainingSet } from '../../src/train/training-set.ts';

test('the training set holds the scenes of the split train', () => {
  const { pixels, labels, size } = paintTrainingSet(3);
  const { image, label } = scene(0, 'train', 2);
  expect(size).toBe(64);
  expect(labels[2]).toBe(label);
  expect([...pixels.subarray(2 * 12288, 2 * 12288 + 50)].map((v) => Math.fround(v / 255))).toEqual([
    ...image.data.subarray(0, 50),
  ]);
});
