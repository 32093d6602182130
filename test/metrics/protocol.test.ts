import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metrics } from '../../metrics/index.ts';
import type { MapMetric, Metric, Outcome } from '../../metrics/metric.ts';
import { at, batchOf, stack, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { anyMap, attribution, expectInRange, filled, height, mask, pixels, scaled, width } from './maps.ts';
import { predict, randomTensor, scoreOf, valueOf } from './toy.ts';

/** A value, a reason or the start of one, or `some`: any value of the metric's range. */
type Expected = number | string | typeof some;
const some = Symbol('some value');
/** A zero map scores what any constant map scores. */
const same = Symbol('the value of a constant map');

const share = 1 / 3; // Of the picture, covered by the mask.
const noRelevance = 'the map holds no relevance to share out';
const zero = 'the map is zero everywhere';
const zeroAttribution = 'the attribution is zero everywhere: a change relative to it has no value';
const constant = 'the map is constant';

/** One line a metric: what it says of a constant map, of a zero map and, where it looks at the object, of an object that is everything (1). */
const protocol: Record<string, readonly [onConstant: Expected, onZero: Expected | typeof same, onFullMask?: Expected]> =
  {
    'pointing-game': [share, same],
    'energy-pointing-game': [share, noRelevance],
    'attribution-localisation': [share, noRelevance],
    'weighted-localisation': [1, noRelevance],
    'relevance-mass': [share, noRelevance],
    'relevance-rank': [share, same],
    iou: [share, 'the map holds no positive relevance to compare with the object', some],
    'pixel-roc-auc': [0.5, same, 'the object fills'],
    'pixel-average-precision': [share, same],
    deletion: [some, same],
    insertion: [some, same],
    'pixel-flipping': [some, same],
    aopc: [some, same],
    road: [some, same],
    'road-lerf': [some, same],
    'faithfulness-correlation': [constant, constant],
    'faithfulness-estimate': [constant, constant],
    infidelity: [some, some],
    sufficiency: [some, same],
    'average-drop': [0, some],
    'average-increase': [0, some],
    'max-sensitivity': [some, zeroAttribution],
    'avg-sensitivity': [some, zeroAttribution],
    'local-lipschitz': [0, zero],
    ris: [some, zeroAttribution],
    rrs: [some, zeroAttribution],
    ros: [some, zeroAttribution],
    sparseness: [0, zero],
    complexity: [Math.log(pixels), zero],
    'effective-complexity': [1, zero],
    mprt: ['a correlation with a constant map', 'a correlation with a constant map'],
    'random-logit': [1, 'both maps are zero everywhere'],
  };

function expectOutcome(metric: Metric, outcome: Outcome, expected: Expected): void {
  if (typeof expected === 'string')
    expect('reason' in outcome ? outcome.reason.slice(0, expected.length) : outcome).toBe(expected);
  else if (expected === some) expectInRange(metric, valueOf(outcome));
  else expect(valueOf(outcome)).toBeCloseTo(expected as number, 12);
}

const mapMetrics = metrics.filter((metric): metric is MapMetric => metric.kind === 'map');

it('the protocol covers every metric of one map', () => {
  expect(Object.keys(protocol).toSorted()).toEqual(mapMetrics.map((m) => m.name).toSorted());
});

describe.each(mapMetrics)('$name', (metric) => {
  it('stays in its range on any map, tied, signed, square or not', async () => {
    const run = async (map: Tensor) => {
      const [, h, w] = map.shape;
      const region = Uint8Array.from({ length: h * w }, (_, p) => (p % 3 === 0 ? 1 : 0));
      const outcome = await scoreOf(metric, map, { mask: region });
      if ('value' in outcome) expectInRange(metric, outcome.value);
      else expect(map.data.some((v) => v > 0 && v !== map.data[0])).toBe(false);
    };
    await fc.assert(fc.asyncProperty(anyMap, run), { numRuns: 30 });
  });

  it('does not depend on the scale of the attribution', async () => {
    const one = valueOf(await scoreOf(metric, attribution, { mask }));
    for (const k of [1e-6, 7, 1e6]) {
      const many = valueOf(await scoreOf(metric, scaled(attribution, k), { mask }));
      expect(many).toBeCloseTo(one, 5);
    }
  });

  it('takes one channel as it takes three', async () => {
    const [, onZero] = protocol[metric.name];
    const outcome = await scoreOf(metric, randomTensor([1, height, width], 'one channel'), { mask });
    if ('value' in outcome) expectInRange(metric, outcome.value);
    else expect(onZero).toBeTypeOf('string');
  });

  it('does not depend on how many pictures are predicted or explained at once, and leaves what it is given alone', async () => {
    const given = [attribution, randomTensor([3, height, width], 'image')];
    const copies = given.map(({ shape, data }) => tensor(shape, data.slice()));
    const together = await scoreOf(metric, attribution, { mask, image: given[1] });
    const alone = await scoreOf(metric, attribution, {
      mask,
      image: given[1],
      async predict(images) {
        // Each by itself, the last first.
        const rows: Tensor[] = [];
        for (let i = images.shape[0] - 1; i >= 0; i--) rows.unshift(await predict(batchOf(at(images, i))));
        return stack(rows.map((row) => at(row, 0)));
      },
    });
    expect(alone).toEqual(together);
    expect(given).toEqual(copies);
  });

  it('gives the same value for the same seed', async () => {
    const [a, b] = await Promise.all([1, 2].map(() => scoreOf(metric, filled(1), { mask, seed: 5 })));
    expect(a).toEqual(b);
  });

  it.each([NaN, Infinity, -Infinity])('says where the map holds %d', async (bad) => {
    const broken = { ...attribution, data: attribution.data.slice() };
    broken.data[pixels + 2 * width + 3] = bad;
    expect(await scoreOf(metric, broken, { mask })).toEqual({ reason: `the map holds ${bad} at [1,2,3]` });
  });

  it.each([NaN, Infinity])('has no value where it asks for predictions and they are %d', async (bad) => {
    let asked = false;
    const broken = async ({ shape }: Tensor) => {
      asked = true;
      return tensor([shape[0], 3], new Float32Array(3 * shape[0]).fill(bad, 1));
    };
    const outcome = await scoreOf(metric, attribution, { mask, predict: broken, represent: broken });
    if (asked) expect(outcome).toHaveProperty('reason', expect.stringContaining(`holds ${bad} at [0,1]`));
    else expect(outcome).toEqual(await scoreOf(metric, attribution, { mask }));
  });

  it('says of a constant and of a zero map what the protocol says', async () => {
    const [onConstant, onZero] = protocol[metric.name];
    const flat = await scoreOf(metric, filled(2), { mask });
    expectOutcome(metric, flat, onConstant);
    expectOutcome(metric, await scoreOf(metric, filled(0), { mask }), onZero === same ? valueOf(flat) : onZero);
  });

  it('refuses a map of another size than the picture', async () => {
    const image = randomTensor([3, height, width + 1], 'image');
    await expect(scoreOf(metric, attribution, { mask, image })).rejects.toThrow('12x15 for a picture of 12x16');
  });
});

describe.each(mapMetrics.filter((m) => m.needs.length > 0))('the object of $name', (metric) => {
  it('must be known', async () => {
    expect(await scoreOf(metric, attribution)).toEqual({ reason: 'the sample has no mask or box' });
  });

  it('must not be empty', async () => {
    const reason = (what: string) => ({ reason: `the object's ${what} is empty` });
    expect(await scoreOf(metric, attribution, { mask: new Uint8Array(pixels) })).toEqual(reason('mask'));
    const outside = { x0: width, y0: 0, x1: width + 4, y1: 4 };
    expect(await scoreOf(metric, attribution, { box: outside })).toEqual(reason('box'));
  });

  it('may be everything', async () => {
    const outcome = await scoreOf(metric, attribution, { mask: mask.map(() => 255) });
    const [, , onFullMask = 1] = protocol[metric.name];
    expectOutcome(metric, outcome, onFullMask);
  });

  it('is the mask where there is one, else the filled box cut at the border', async () => {
    const box = { x0: -3, y0: -1, x1: 5, y1: height + 9 };
    const byBox = await scoreOf(metric, attribution, { box });
    expect(await scoreOf(metric, attribution, { mask })).toEqual(byBox);
    // Only the energy pointing game plays with boxes.
    const [first, second] = metric.name === 'energy-pointing-game' ? [box, mask.map((v) => 1 - v)] : [undefined, mask];
    const elsewhere = { x0: 9, y0: 9, x1: 10, y1: 10 };
    expect(await scoreOf(metric, attribution, { mask: second, box: first ?? elsewhere })).toEqual(byBox);
  });

  it('must have the size of the picture', async () => {
    await expect(scoreOf(metric, attribution, { mask: new Uint8Array(7) })).rejects.toThrow('the mask has 7 values');
  });
});

it.each(['mask', 'box'] as const)('a metric may need a %s, and then takes nothing else for it', async (need) => {
  const metric: MapMetric = { ...mapMetrics[0], needs: [need], score: () => ({ value: 1 }) };
  const given = { mask, box: { x0: 0, y0: 0, x1: 2, y1: 2 } };
  expect(await scoreOf(metric, attribution, given)).toEqual({ value: 1 });
  expect(await scoreOf(metric, attribution, { ...given, [need]: undefined })).toEqual({
    reason: `the sample has no ${need}`,
  });
});
