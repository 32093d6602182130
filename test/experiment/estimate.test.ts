import { expect, test } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { readConfig } from '../../src/experiment/config.ts';
import { estimateText } from '../../src/experiment/estimate-text.ts';
import { estimateOf } from '../../src/experiment/estimate.ts';
import { measure, type Measured } from '../../src/experiment/measure.ts';
import { makePlan } from '../../src/experiment/plan.ts';
import { openSubjects } from '../../src/experiment/subject.ts';
import { temporaryFolder, tinyExperiment } from './tiny.ts';

async function planOf(changes: Readonly<Record<string, string>>) {
  const config = await readConfig(await tinyExperiment(await temporaryFolder(), changes));
  return { config, plan: makePlan(config, await openSubjects(config)) };
}

test('measures each kind of unit once', async () => {
  const { config, plan } = await planOf({
    explainers: '[grad-cam, random]',
    attacks: '[{ use: targeted-manipulation, steps: 400 }, gaussian-noise]',
    metrics: '[pointing-game, ssim]',
  });
  const { attacks } = config;
  const steps: unknown[] = [];
  const { definition } = attacks[0];
  const prepare: typeof definition.prepare = (setup) => {
    steps.push((setup.options as { steps: number }).steps);
    return definition.prepare(setup);
  };
  Object.assign(attacks[0], { definition: { ...definition, prepare } });
  const measured: Measured[] = [];
  for await (const one of measure(config, plan, createOnnxRuntimeEngine({ threads: 1 }))) measured.push(one);
  const kinds = [
    'grad-cam/none',
    'grad-cam/targeted-manipulation',
    'grad-cam/gaussian-noise',
    'random/none',
    'random/gaussian-noise',
  ];
  expect(measured.map(({ kind }) => kind)).toEqual(kinds.map((kind) => `tiny/scenes/${kind}`));
  const [clean, manipulated] = measured;
  expect(steps).toEqual([4]);
  expect(manipulated.bytes).toBeGreaterThan(clean.bytes);
  expect(clean.memory).toBeGreaterThan(2 ** 25);
});

test('extrapolates by the number of units, and says what it guesses and leaves out', async () => {
  const { plan } = await planOf({
    explainers: '[grad-cam, random]',
    attacks: '[gaussian-noise]',
    dataset: '{ kind: scenes, count: 50 }',
  });
  const one = { readying: 3, seconds: 2, bytes: 2 ** 20, memory: 2 ** 28 };
  const grad: Measured = { ...one, kind: 'tiny/scenes/grad-cam/none' };
  const random: Measured = { ...one, kind: 'tiny/scenes/random/none', readying: 0, seconds: 4, memory: 2 ** 27 };
  const noisy = (name: string): Measured => ({ ...one, kind: `tiny/scenes/${name}/gaussian-noise`, readying: 0 });
  const whole = estimateOf(plan, [grad, random, noisy('grad-cam'), noisy('random')], { workers: 2 });
  const seconds = 50 * 2 + 2 * 3 + 50 * 4 + 100 * 2;
  expect(whole).toEqual({ seconds, bytes: 200 * 2 ** 20, memory: 2 ** 28, measured: 1, missing: [] });
  expect(estimateText(whole, { workers: 2, threads: 1 })).toBe(
    'estimate: about 4 min with 2 processes of 1 thread (8 min of computing), beside reports\n' +
      '  results: about 200 MiB; memory: about 512 MiB in all',
  );
  const part = estimateOf(plan, [grad], { workers: 2 });
  const missing = ['tiny/scenes/grad-cam/gaussian-noise', 'tiny/scenes/random/gaussian-noise'];
  expect(part).toMatchObject({ seconds: 2 * 106, measured: 0.25, missing });
  expect(estimateText(part, { workers: 1, threads: 2 })).toMatch(
    /more than 4 min with 1 process of 2 threads[^]*left out.*: 2 kinds of unit, from tiny[^]*\n {2}25 % of the kinds/,
  );
  expect(estimateText(estimateOf(plan, [], { workers: 1 }), { workers: 1, threads: 1 })).toMatch(
    /no unit was measured/,
  );
});
