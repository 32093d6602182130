import { expect, it } from 'vitest';
import { complexity } from '../../metrics/complexity.ts';
import { effectiveComplexity } from '../../metrics/effective-complexity.ts';
import { sparseness } from '../../metrics/sparseness.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { scoreOf, valueOf } from './toy.ts';

// Summed over two channels and made absolute: 1, 1, 2, 0.
const attribution = tensor([2, 2, 2], [-1, 3, 2, -4, 0, -2, 0, 4]);

it('sparseness is the Gini index of the magnitudes', async () => {
  // Ascending 0, 1, 1, 2 with weights -3, -1, 1, 3: 6 / (4·4).
  expect(valueOf(await scoreOf(sparseness, attribution))).toBeCloseTo(6 / 16, 14);
});

it('complexity is the entropy of the magnitudes', async () => {
  // Shares 1/4, 1/4, 1/2: 2·(1/4)·ln 4 + (1/2)·ln 2.
  expect(valueOf(await scoreOf(complexity, attribution))).toBeCloseTo(1.5 * Math.LN2, 14);
});

it('effective complexity is the share of pixels above the threshold, relative to the largest', async () => {
  const share = async (threshold: number) =>
    valueOf(await scoreOf(effectiveComplexity, attribution, { options: { threshold } }));
  // 1/2, 1/2, 1 and 0 of the largest.
  expect([await share(0), await share(0.49), await share(0.5), await share(1)]).toEqual([3 / 4, 3 / 4, 1 / 4, 0]);
});

it('one pixel that holds everything is the sparsest and the least complex', async () => {
  const single = tensor([1, 2, 4], [0, 0, 0, -7, 0, 0, 0, 0]);
  expect(valueOf(await scoreOf(sparseness, single))).toBeCloseTo(1 - 1 / 8, 14);
  expect(valueOf(await scoreOf(complexity, single))).toBe(0);
});
