import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodePng } from '../data/encode-png.ts';
import { readConfig } from '../../src/experiment/config.ts';
import { planText, rowCount } from '../../src/experiment/plan-text.ts';
import { makePlan } from '../../src/experiment/plan.ts';
import { openSubjects } from '../../src/experiment/subject.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { temporaryFolder, tinyExperiment } from './tiny.ts';

async function planOf(folder: string, changes?: Readonly<Record<string, string>>) {
  const config = await readConfig(await tinyExperiment(folder, changes));
  return { config, plan: makePlan(config, await openSubjects(config)) };
}

test('counts units and rows, and names what is left out', async () => {
  const { config, plan } = await planOf(await temporaryFolder());
  // Per sample: 4 clean, 4 PGD, 3 manipulated (not the black box), 4 noisy.
  expect(plan.units).toHaveLength(3 * 15);
  // Clean: 3 metrics. PGD: 3 + 2 similarities + 14 of its own. Manipulation: 3 + 5 a similarity + 13. Noise: 3 + 2 + 12.
  expect(rowCount(config, plan)).toBe(3 * (4 * 3 + 4 * 19 + 3 * 26 + 4 * 17));
  expect(plan.leftOut.map(({ attack, explainer }) => [attack.name, explainer.name])).toEqual([
    ['targeted-manipulation', 'random'],
  ]);
  expect(planText(config, plan)).toContain('left out: targeted-manipulation against random');
});

test('orders units by sample, attack (none first), explainer', async () => {
  const { plan } = await planOf(await temporaryFolder());
  expect(plan.units.slice(0, 5).map(({ description }) => description)).toEqual([
    'tiny/scenes/test-0-0/srd/none',
    'tiny/scenes/test-0-0/grad-cam/none',
    'tiny/scenes/test-0-0/ig/none',
    'tiny/scenes/test-0-0/random/none',
    'tiny/scenes/test-0-0/srd/pgd',
  ]);
  expect(plan.units[15].index).toBe(1);
});

test('keys change with what determines the result, and with nothing else', async () => {
  const folder = await temporaryFolder();
  const keysOf = async (changes: Record<string, string>) =>
    (await planOf(folder, changes)).plan.units.map((u) => u.key);
  const keys = await keysOf({});
  expect(new Set(keys).size).toBe(keys.length);
  expect(await keysOf({ heatmaps: '3', name: 'other' })).toEqual(keys);
  const changes: Record<string, string>[] = [
    { seed: '1' },
    { target: 'label' },
    { models: '[{ file: tiny.onnx, preprocessing: imagenet }]' },
  ];
  for (const change of changes) expect((await keysOf(change)).filter((key) => keys.includes(key))).toEqual([]);
  const { config } = await planOf(folder);
  const keysOn = async (name: string, device: string) =>
    makePlan(config, await openSubjects(config), { name, device }).units.map((u) => u.key);
  expect(await keysOn('onnxruntime', 'cpu')).toEqual(keys);
  expect((await keysOn('tfjs', 'cpu')).filter((key) => keys.includes(key))).toEqual([]);
  const otherAttack = await keysOf({ attacks: '[{ use: pgd, steps: 4 }, gaussian-noise]' });
  // Clean and noisy units are the same.
  expect(otherAttack.filter((key) => keys.includes(key))).toHaveLength(3 * 8);
  // More samples leave the clean pictures as they are; an attack may draw one of the new.
  const more = await keysOf({ dataset: '{ kind: scenes, count: 4 }' });
  expect(more.filter((key) => keys.includes(key))).toHaveLength(3 * 4);
});

test('refuses a dataset that names two samples alike', async () => {
  const config = await readConfig(await tinyExperiment(await temporaryFolder()));
  const [entry] = config.datasets;
  const open: typeof entry.definition.open = async (options, context) => ({
    ...(await entry.definition.open(options, context)),
    ids: ['a', 'b', 'a'],
  });
  const datasets = [{ ...entry, definition: { ...entry.definition, open } }];
  await expect(openSubjects({ ...config, datasets })).rejects.toThrow(/names two samples "a"/);
});

test('keys change with the explainer that another one is applied to, and with the plug-in it comes from', async () => {
  const { config } = await planOf(await temporaryFolder(), {
    explainers: '[{ use: smoothgrad, of: ig }, { use: smoothgrad, of: srd, as: other }]',
  });
  const subjects = await openSubjects(config);
  const [first, second] = config.explainers;
  const keysOf = (...explainers: (typeof first)[]) =>
    makePlan({ ...config, explainers }, subjects).units.map((u) => u.key);
  const keys = keysOf(first);
  expect(keysOf(first)).toEqual(keys);
  for (const changed of [{ ...first.wrapped!, origin: 'changed' }, second.wrapped!])
    expect(keysOf({ ...first, wrapped: changed }).filter((key) => keys.includes(key))).toEqual([]);
});

test('models and datasets are crossed', async () => {
  const { plan } = await planOf(await temporaryFolder(), {
    models: '[{ file: tiny.onnx, preprocessing: none }, { file: tiny.onnx, preprocessing: none, name: twin }]',
    dataset: '{ kind: scenes, as: few, count: 1 }',
    attacks: '[]',
  });
  expect(plan.units.map(({ description }) => description.split('/').slice(0, 2).join('/'))).toEqual([
    ...Array<string>(4).fill('tiny/few'),
    ...Array<string>(4).fill('twin/few'),
  ]);
});

test('a metric that needs masks is refused on a dataset without', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'pictures'));
  await writeFile(join(folder, 'pictures', 'a.png'), await encodePng(tensor([3, 16, 16])));
  const changes = { dataset: '{ kind: image-folder, path: pictures }' };
  await expect(planOf(folder, changes)).rejects.toThrow(
    /config\.yaml:7:\d+: the metric "pointing-game" needs a mask or box, but the dataset "image-folder" does not provide/,
  );
  await expect(planOf(folder, { ...changes, metrics: '[deletion]', target: 'label' })).rejects.toThrow(
    /config\.yaml:9:9: target "label" needs labels/,
  );
});
