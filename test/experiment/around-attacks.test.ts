import { describe, expect, it, test } from 'vitest';
import { parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pearsonMetric } from '../../metrics/pearson.ts';
import { mse } from '../../metrics/mse.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { compareMaps } from '../../src/experiment/compared.ts';
import { readConfig } from '../../src/experiment/config.ts';
import { equalNoise } from '../../src/experiment/equal-noise.ts';
import { attackIdentity } from '../../src/experiment/plan.ts';
import { lossCurve } from '../../src/experiment/reported.ts';
import { runExperiment } from '../../src/experiment/run.ts';
import type { Attacked } from '../../src/experiment/batch-work.ts';
import { createRng } from '../../src/numeric/random.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { temporaryFolder, tinyExperiment } from './tiny.ts';

const map = (...values: number[]) => tensor([1, 2, 2], values);
const valueOf = (outcomes: Awaited<ReturnType<typeof compareMaps>>, name: string) => {
  const outcome = outcomes.find(([own]) => own === name)?.[1];
  return outcome && ('value' in outcome ? outcome.value : outcome.reason);
};

describe('maps around an attack', () => {
  const entry = (definition: typeof pearsonMetric | typeof mse) =>
    ({ name: definition.name, definition, options: {}, heatmap: definition.heatmap }) as never;

  it('are compared in pairs, and the gap to the target is measured from the floor', async () => {
    const maps = { before: map(4, 0, 0, 0), after: map(2, 2, 0, 0), target: map(0, 4, 0, 0), noise: map(4, 0, 0, 0) };
    const outcomes = await compareMaps(entry(pearsonMetric), maps);
    expect(outcomes.map(([name]) => name.split(':')[1])).toEqual([
      'before-after',
      'after-target',
      'before-target',
      'before-noise',
      'gap-closed',
    ]);
    // By hand: correlations of the centred maps (3,-1,-1,-1), (1,1,-1,-1) and (-1,3,-1,-1).
    const [floor, reached] = [-4 / 12, 4 / Math.sqrt(48)];
    expect(valueOf(outcomes, 'pearson:before-target')).toBeCloseTo(floor, 12);
    expect(valueOf(outcomes, 'pearson:after-target')).toBeCloseTo(reached, 12);
    expect(valueOf(outcomes, 'pearson:before-noise')).toBeCloseTo(1, 12);
    expect(valueOf(outcomes, 'pearson:gap-closed')).toBeCloseTo((reached - floor) / (1 - floor), 12);
  });

  it('close the gap wholly at the target, also by a measure that falls to 0', async () => {
    const maps = { before: map(4, 0, 0, 0), after: map(0, 4, 0, 0), target: map(0, 4, 0, 0) };
    expect(valueOf(await compareMaps(entry(mse), maps), 'mse:gap-closed')).toBeCloseTo(1, 12);
    const half = { ...maps, after: map(2, 2, 0, 0) };
    expect(valueOf(await compareMaps(entry(mse), half), 'mse:gap-closed')).toBeCloseTo(0.75, 12);
  });

  it('have no gap where the clean map is the target', async () => {
    const same = { before: map(4, 0, 0, 0), after: map(2, 2, 0, 0), target: map(4, 0, 0, 0) };
    expect(valueOf(await compareMaps(entry(mse), same), 'mse:gap-closed')).toMatch(/as like the target as can be/);
  });
});

test('noise of an equal size has that size after clipping', () => {
  const image = tensor(
    [3, 8, 8],
    Float32Array.from({ length: 192 }, (_, i) => (i % 3) / 2),
  );
  for (const size of [0.1, 1, 3]) {
    const { data } = equalNoise(image, size, createRng(1, 'noise'));
    expect(Math.hypot(...data.map((v, i) => v - image.data[i])) / size).toBeCloseTo(1, 2);
    expect(data.every((v) => v >= 0 && v <= 1)).toBe(true);
  }
});

test('a loss curve is relative to its first value, and thinned', () => {
  const curve = (losses: number[]) => lossCurve({ losses } as unknown as Attacked);
  expect(curve([4, 2, 1])).toEqual({ x: [0, 0.5, 1], y: [1, 0.5, 0.25] });
  expect(curve(Array.from({ length: 1500 }, (_, i) => 1500 - i))!.y).toHaveLength(101);
  expect(curve([0, 1])).toBeUndefined();
});

describe('against', () => {
  const attack = (rest: string) => `[{ use: targeted-manipulation, steps: 2, learningRate: 0.01, ${rest} }]`;

  it('scores all explainers on pictures that fool one', async () => {
    const folder = await temporaryFolder();
    const changes = { attacks: attack('against: [grad-cam, srd]'), metrics: '[pearson]', heatmaps: '0' };
    const file = await tinyExperiment(folder, { ...changes, dataset: '{ kind: scenes, count: 2 }' });
    const engine = createOnnxRuntimeEngine({ threads: 1 });
    await runExperiment(file, { out: join(folder, 'out'), engine });
    const rows = parse(await readFile(join(folder, 'out', 'results.csv'), 'utf8'), { columns: true }) as Record<
      string,
      string
    >[];
    const sizes = rows.filter(({ metric }) => metric === 'attack:l1');
    expect([...new Set(sizes.map(({ attack }) => attack))]).toEqual([
      'targeted-manipulation@grad-cam',
      'targeted-manipulation@srd',
    ]);
    expect(new Set(sizes.map(({ explainer }) => explainer))).toContain('random');
    // One picture a sample and attacked explainer: four in all, whichever of four explainers is scored.
    expect(sizes).toHaveLength(16);
    expect(new Set(sizes.map(({ value }) => value)).size).toBe(4);
    await engine.release();
  });

  it.each([
    ['against: [random]', /random is a black box/],
    ['against: [gradcam]', /no explainer of this config is called "gradcam".*grad-cam/],
    ['against: []', /against/],
  ])('%s is refused with its place', async (rest, message) => {
    const file = await tinyExperiment(await temporaryFolder(), { attacks: attack(rest) });
    await expect(readConfig(file)).rejects.toThrow(message);
  });

  it('is refused for an attack that does not look', async () => {
    const file = await tinyExperiment(await temporaryFolder(), { attacks: '[{ use: pgd, against: [srd] }]' });
    await expect(readConfig(file)).rejects.toThrow(/pgd does not look at explainers/);
  });
});

describe('surrogates', () => {
  const attack = (rest: string) => `[{ use: adaptive-manipulation, ${rest} }]`;

  it('add runs on other explainers, and are part of what an attack is', async () => {
    const folder = await temporaryFolder();
    const engine = createOnnxRuntimeEngine({ threads: 1 });
    const gradients = async (name: string, rest: string) => {
      const changes = { attacks: attack(rest), metrics: '[pearson]', heatmaps: '0', explainers: '[srd, grad-cam]' };
      const file = await tinyExperiment(folder, { ...changes, dataset: '{ kind: scenes, count: 2 }' });
      await runExperiment(file, { out: join(folder, name), engine });
      const text = await readFile(join(folder, name, 'results.csv'), 'utf8');
      const rows = parse(text, { columns: true }) as Record<string, string>[];
      return rows.filter(({ metric }) => metric === 'attack:gradients').map(({ value }) => Number(value));
    };
    expect(await gradients('alone', 'steps: 2')).toEqual([2, 2, 2, 2]);
    // An explainer is no surrogate of its own.
    expect(await gradients('helped', 'steps: 2, surrogates: [srd, grad-cam]')).toEqual([6, 6, 6, 6]);
    const plain = attackIdentity(
      (await readConfig(await tinyExperiment(folder, { attacks: attack('steps: 2') }))).attacks[0],
    );
    const file = await tinyExperiment(folder, { attacks: attack('steps: 2, surrogates: [srd]') });
    expect(attackIdentity((await readConfig(file)).attacks[0])).not.toEqual(plain);
    await engine.release();
  });

  it.each([
    ['surrogates: [random]', /random is a black box/],
    ['surrogates: [gradcam]', /no explainer of this config is called "gradcam".*grad-cam/],
    ['surrogates: []', /surrogates/],
  ])('%s is refused with its place', async (rest, message) => {
    const file = await tinyExperiment(await temporaryFolder(), { attacks: attack(rest) });
    await expect(readConfig(file)).rejects.toThrow(message);
  });

  it('are refused for an attack that does not use them', async () => {
    const file = await tinyExperiment(await temporaryFolder(), { attacks: '[{ use: ghorbani, surrogates: [srd] }]' });
    await expect(readConfig(file)).rejects.toThrow(/ghorbani does not use the gradients of others/);
  });
});
