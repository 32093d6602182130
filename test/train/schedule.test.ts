import { expect, test } from 'vitest';
import { learningRate } from '../../src/train/schedule.ts';

test('the learning rate rises, peaks and falls to 0', () => {
  expect(learningRate(0.2, 0)).toBe(0);
  expect(learningRate(0.2, 0.05)).toBeCloseTo(0.1, 12);
  expect(learningRate(0.2, 0.1)).toBeCloseTo(0.2, 12);
  expect(learningRate(0.2, 0.55)).toBeCloseTo(0.1, 12);
  expect(learningRate(0.2, 1)).toBeCloseTo(0, 12);
});
