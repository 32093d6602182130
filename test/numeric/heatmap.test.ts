import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heatmapStep, toHeatmap, type HeatmapStep } from '../../src/numeric/heatmap.ts';
import { tensor } from '../../src/numeric/tensor.ts';

const step = (s: Partial<HeatmapStep>) => heatmapStep.parse(s);
// Two channels of one row: pixels (3,-4), (-1,-2), (0,0).
const attribution = tensor([2, 1, 3], [3, -1, 0, -4, -2, 0]);
const steps: HeatmapStep[] = heatmapStep.shape.channels
  .unwrap()
  .options.flatMap((channels) =>
    heatmapStep.shape.sign
      .unwrap()
      .options.flatMap((sign) =>
        heatmapStep.shape.normalise.unwrap().options.map((normalise) => ({ channels, sign, normalise })),
      ),
  );

describe('toHeatmap', () => {
  it.each<[Partial<HeatmapStep>, number[]]>([
    [{}, [-1, -3, 0]],
    [{ channels: 'abs-sum' }, [7, 3, 0]],
    [{ channels: 'l2' }, [5, Math.sqrt(5), 0]],
    [{ channels: 'max-abs' }, [4, 2, 0]],
    [{ sign: 'positive' }, [0, 0, 0]],
    [{ sign: 'absolute' }, [1, 3, 0]],
    [{ normalise: 'max' }, [-1 / 3, -1, 0]],
    [{ normalise: 'sum' }, [-1 / 4, -3 / 4, 0]],
    [{ channels: 'abs-sum', normalise: 'sum' }, [0.7, 0.3, 0]],
  ])('computes by hand: %j', (options, expected) => {
    const { height, width, values } = toHeatmap(attribution, step(options));
    expect([height, width]).toEqual([1, 3]);
    values.forEach((v, p) => expect(v).toBeCloseTo(expected[p], 14));
  });

  it.each(steps)('keeps a zero map zero and NaN visible: %j', (options) => {
    expect(toHeatmap(tensor([3, 2, 2]), options).values.every((v) => v === 0)).toBe(true);
    const broken = tensor([1, 2, 2], [1, NaN, 2, 3]);
    expect(toHeatmap(broken, options).values[1]).toBeNaN();
  });

  it.each(steps)('scales with the attribution, or not at all once normalised: %j', (options) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 12, maxLength: 12 }), (v) => {
        const one = toHeatmap(tensor([3, 2, 2], v), options).values;
        const four = toHeatmap(
          tensor(
            [3, 2, 2],
            v.map((x) => 4 * x),
          ),
          options,
        ).values;
        const factor = options.normalise === 'none' ? 4 : 1;
        one.forEach((x, p) => expect(four[p]).toBeCloseTo(factor * x, 12));
      }),
      { numRuns: 20 },
    );
  });
});
