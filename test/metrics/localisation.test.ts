import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributionLocalisation } from '../../metrics/attribution-localisation.ts';
import { energyPointingGame } from '../../metrics/energy-pointing-game.ts';
import { iou } from '../../metrics/iou.ts';
import { pixelAveragePrecision } from '../../metrics/pixel-average-precision.ts';
import { pixelRocAuc } from '../../metrics/pixel-roc-auc.ts';
import { pointingGame } from '../../metrics/pointing-game.ts';
import { relevanceMass } from '../../metrics/relevance-mass.ts';
import { relevanceRank } from '../../metrics/relevance-rank.ts';
import { thresholdOf } from '../../metrics/threshold.ts';
import { weightedLocalisation } from '../../metrics/weighted-localisation.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { scoreOf, valueOf } from './toy.ts';

// Two rows of four; the object is the left half.
const mask = Uint8Array.of(1, 1, 0, 0, 1, 1, 0, 0);
const map = (...values: number[]) => tensor([1, 2, 4], values);
const uneven = map(3, -5, 1, 2, 0, 1, -2, 1);

describe('pointing game', () => {
  it.each([
    ['a hit', map(9, 0, 0, 0, 0, 0, 0, 0), 0, 1],
    ['a miss', map(0, 0, 9, 0, 0, 0, 0, 0), 0, 0],
    ['one of three tied maxima inside', map(9, 0, 9, 0, 0, 0, 0, 9), 0, 1 / 3],
    ['the largest of a negative map', map(-1, -2, -2, -2, -2, -2, -2, -2), 0, 1],
    ['one pixel beside the object, tolerance 1', map(0, 0, 9, 0, 0, 0, 0, 0), 1, 1],
    ['two pixels beside the object, tolerance 1.9', map(0, 0, 0, 9, 0, 0, 0, 0), 1.9, 0],
  ])('%s', async (_, attribution, tolerance, expected) => {
    expect(valueOf(await scoreOf(pointingGame, attribution, { mask, options: { tolerance } }))).toBeCloseTo(
      expected,
      14,
    );
  });

  it('takes a disc and not a square for its tolerance', async () => {
    // The object is the top left pixel; the maximum lies one row and one column away, at a distance of √2.
    const corner = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    const attribution = map(0, 0, 0, 0, 0, 9, 0, 0);
    const at = (tolerance: number) => scoreOf(pointingGame, attribution, { mask: corner, options: { tolerance } });
    expect(await at(1)).toEqual({ value: 0 });
    expect(await at(1.5)).toEqual({ value: 1 });
  });

  it("reaches TorchRay's 15 pixels, which must not be touched, by 14.97", async () => {
    const wide = (at: number) =>
      tensor(
        [1, 1, 20],
        Float32Array.from({ length: 20 }, (_, x) => (x === at ? 1 : 0)),
      );
    const score = (x: number, tolerance: number) =>
      scoreOf(pointingGame, wide(x), { mask: Uint8Array.of(1, ...Array<number>(19).fill(0)), options: { tolerance } });
    expect([await score(14, 14.97), await score(15, 14.97), await score(15, 15)].map(valueOf)).toEqual([1, 0, 1]);
  });
});

describe('attribution localisation', () => {
  it('counts positive relevance only', async () => {
    // Inside 3+0+1, outside 1+2+1.
    expect(await scoreOf(attributionLocalisation, uneven, { mask })).toEqual({ value: 0.5 });
    const step = { channels: 'sum', sign: 'signed', normalise: 'none' } as const;
    expect(await scoreOf(attributionLocalisation, uneven, { mask, step })).toEqual({ value: 0.5 });
  });

  it('weighted divides by the share of the object', async () => {
    // Times 8 pixels over 2.
    const small = Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0);
    expect(await scoreOf(weightedLocalisation, uneven, { mask: small })).toEqual({ value: (3 / 8) * 4 });
  });

  it('has no value for a map without positive relevance', async () => {
    const outcome = await scoreOf(attributionLocalisation, map(-1, -1, 0, 0, 0, 0, 0, 0), { mask });
    expect(outcome).toEqual({ reason: 'the map holds no relevance to share out' });
  });
});

describe('energy-based pointing game', () => {
  // The mask's bounding box is the two columns in the middle.
  const diagonal = Uint8Array.of(0, 1, 0, 0, 0, 0, 1, 0);

  it('takes the box around the mask', async () => {
    // Columns 1 and 2 hold 1+1 of the positive 3+1+2+1+1.
    expect(await scoreOf(energyPointingGame, uneven, { mask: diagonal })).toEqual({ value: 2 / 8 });
  });

  it('prefers the box of the sample', async () => {
    const box = { x0: 0, y0: 0, x1: 1, y1: 1 };
    expect(await scoreOf(energyPointingGame, uneven, { mask: diagonal, box })).toEqual({ value: 3 / 8 });
  });
});

describe('intersection over union', () => {
  const skewed = map(10, 2, 1, 0, 1, 0, 0, -3);

  it.each([
    // 10 and 2 of the object's four.
    ['20 % of the largest value', 0.2, 2 / 4],
    ['the largest value', 1, 1 / 4],
    // Mean of the positive part 14/8; 10 and 2 lie above.
    ['mean', 'mean', 2 / 4],
    // 1.75 plus a deviation of 3.19.
    ['mean+std', 'mean+std', 1 / 4],
    // {0,0,0,0,1,1,2} against {10}.
    ['otsu', 'otsu', 1 / 4],
  ])('%s', async (_, threshold, expected) => {
    expect(await scoreOf(iou, skewed, { mask, options: { threshold } })).toEqual({ value: expected });
  });

  it('takes 20 % of the largest value unless told otherwise, that value included', async () => {
    expect(await scoreOf(iou, skewed, { mask })).toEqual({ value: 2 / 4 });
  });

  it('chooses all of a positive constant map and nothing of what is not positive', async () => {
    for (const threshold of [0.2, 1, 'mean', 'mean+std', 'otsu']) {
      const options = { threshold };
      // A third has a rounded mean.
      const third = map(...Array<number>(8).fill(1 / 3));
      expect(await scoreOf(iou, third, { mask, options })).toEqual({ value: 1 / 2 });
      const negative = await scoreOf(iou, map(...Array<number>(8).fill(-1)), { mask, options });
      expect(negative).toHaveProperty('reason', expect.stringContaining('no positive relevance'));
    }
  });

  it('cuts where the variance between two classes is largest, as tried at every value', () => {
    const variance = (values: readonly number[], cut: number) => {
      const [low, high] = [values.filter((v) => v < cut), values.filter((v) => v >= cut)];
      if (low.length === 0) return 0;
      const mean = (part: readonly number[]) => part.reduce((s, v) => s + v, 0) / part.length;
      return low.length * high.length * (mean(low) - mean(high)) ** 2;
    };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 40 }), (values) => {
        const best = Math.max(...values.map((cut) => variance(values, cut)));
        const found = thresholdOf(Float64Array.from(values), 'otsu');
        expect(variance(values, found)).toBeCloseTo(best, 8);
      }),
    );
  });
});

describe('ROC-AUC and average precision of pixels', () => {
  // Values 3 2 1 0 with the object at 3 and 1.
  const small = (...values: number[]) => tensor([1, 1, 4], values);
  const first = Uint8Array.of(1, 0, 1, 0);

  it('count pairs', async () => {
    // 3 beats both others, 1 beats one of two.
    expect(await scoreOf(pixelRocAuc, small(3, 2, 1, 0), { mask: first })).toEqual({ value: 3 / 4 });
    // Found at places 1 and 3.
    expect(valueOf(await scoreOf(pixelAveragePrecision, small(3, 2, 1, 0), { mask: first }))).toBeCloseTo(
      (1 + 2 / 3) / 2,
      14,
    );
  });

  it('count half a tied pair, and find tied pixels together', async () => {
    // 3 beats both, the second object's pixel ties with one and beats the other.
    expect(await scoreOf(pixelRocAuc, small(3, 1, 1, 0), { mask: first })).toEqual({ value: 3.5 / 4 });
    expect(valueOf(await scoreOf(pixelAveragePrecision, small(3, 1, 1, 0), { mask: first }))).toBeCloseTo(
      (1 + 2 / 3) / 2,
      14,
    );
  });

  it('turn round with the sign of the map', async () => {
    const scored = await Promise.all(
      [1, -1].map((k) => scoreOf(pixelRocAuc, map(...uneven.data.map((v) => k * v)), { mask })),
    );
    expect(valueOf(scored[0]) + valueOf(scored[1])).toBeCloseTo(1, 14);
  });
});

describe('relevance mass accuracy', () => {
  it('counts magnitudes', async () => {
    // Inside 3+5+0+1, outside 1+2+2+1.
    expect(await scoreOf(relevanceMass, uneven, { mask })).toEqual({ value: 9 / 15 });
  });
});

describe('relevance rank accuracy', () => {
  it('counts the top four, sharing tied places', async () => {
    // 3 (in) and 2 (out) are chosen; 1 (out), 1 (in), 1 (out) share the two places left: 1 + 2/3 of 4.
    expect(valueOf(await scoreOf(relevanceRank, uneven, { mask }))).toBeCloseTo((1 + 2 / 3) / 4, 14);
  });
});
