import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { readConfig, isMapMetric } from '../../src/experiment/config.ts';
import { temporaryFolder, tinyExperiment } from './tiny.ts';

/** The message for a config of which one line is replaced or added, without the folder. */
async function messageFor(changes: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  const file = await tinyExperiment(folder, changes);
  const error: unknown = await readConfig(file).catch((e: unknown) => e);
  expect(error).toMatchObject({ name: 'UserError' });
  return (error as Error).message.replaceAll(`${folder}/`, '');
}

// Lines of the tiny config: 1 name, 2 seed, 3 models, 4 dataset, 5 explainers, 6 attacks, 7 metrics, 8 heatmaps, then additions.
const preprocessing = 'imagenet, cifar10, none or {mean: [r, g, b], std: [r, g, b]}';
test.each<[changes: Record<string, string>, message: string | RegExp]>([
  [{ explaners: '[srd]' }, 'config.yaml:9:1: unknown key "explaners"; did you mean "explainers"?'],
  [{ colour: 'red' }, /^config\.yaml:9:1: unknown key "colour" \(there are: name, .*, heatmaps, keep, tables\)$/],
  [{ explainers: '[srdd]' }, 'config.yaml:5:14: no explainer "srdd"; did you mean "srd"?'],
  [{ explainers: '[{ use: gradcam }]' }, 'config.yaml:5:21: no explainer "gradcam"; did you mean "grad-cam"?'],
  [{ explainers: '[xyz]' }, /^config\.yaml:5:14: no explainer "xyz" \(there are: srd, /],
  [{ attacks: '[pdg]' }, 'config.yaml:6:11: no attack "pdg"; did you mean "pgd"?'],
  [{ metrics: '[deltion]' }, 'config.yaml:7:11: no metric "deltion"; did you mean "deletion"?'],
  [{ dataset: '{ kind: scene }' }, 'config.yaml:4:18: no kind of dataset "scene"; did you mean "scenes"?'],
  [{ dataset: '{ count: 3 }' }, 'config.yaml:4:10: missing key "dataset.kind" (text)'],
  [{ dataset: '{ kind: scenes, cuont: 3 }' }, 'config.yaml:4:26: unknown key "cuont"; did you mean "count"?'],
  [
    { explainers: '[{ use: lrp, composit: x }]' },
    'config.yaml:5:26: unknown key "composit"; did you mean "composite"?',
  ],
  [{ explainers: '[{ use: random, steps: 3 }]' }, /^config\.yaml:5:29: unknown key "steps"/],
  [
    { explainers: '[{ use: ig, steps: one }]' },
    'config.yaml:5:32: explainers[0].steps: expected number, received text',
  ],
  [{ attacks: '[{ use: pgd, epsilon: 3 }]' }, /^config\.yaml:6:32: attacks\[0\]\.epsilon: .*<=1$/],
  [{ explainers: '[{ as: x }]' }, 'config.yaml:5:14: missing key "explainers[0].use" (text)'],
  [{ explainers: '[srd, srd]' }, /^config\.yaml:5:19: two explainers are called "srd"; .* as: srd-2 }$/],
  [{ explainers: '[{ use: srd, as: a/b }]' }, /^config\.yaml:5:30: explainers\[0\]\.as: expected a name of letters/],
  [{ attacks: '[{ use: pgd, as: none }]' }, /^config\.yaml:6:11: "none" stands for the clean picture/],
  [{ attacks: '[]', metrics: '[ssim]' }, /^config\.yaml:7:10: .* there are no attacks: nothing would be measured/],
  [{ attacks: '[]', metrics: '[{ use: deletion, on: [attacked] }]' }, /^config\.yaml:7:10: .* there are no attacks/],
  [{ attacks: '*none' }, /^config\.yaml: Unresolved alias .*: none$/],
  [{ kind: 'apop' }, /^config\.yaml:9:7: an APOP run has no explainers and metrics; the command experiment runs it$/],
  [{ attacks: 'pgd' }, 'config.yaml:6:10: attacks: expected a list, received text'],
  [{ metrics: '[1]' }, 'config.yaml:7:11: metrics[0]: expected a name or { use: name, ...options }'],
  [{ metrics: '[{ use: ssim, on: [clean] }]' }, /^config\.yaml:7:24: "on" is for metrics of one map/],
  [
    { metrics: '[{ use: ssim, heatmap: { chanels: sum } }]' },
    'config.yaml:7:35: unknown key "chanels"; did you mean "channels"?',
  ],
  [{ metrics: '[{ use: deletion, on: [dirty] }]' }, /^config\.yaml:7:33: metrics\[0\]\.on\[0\]: expected one of/],
  [{ engine: 'orto' }, /^config\.yaml:9:9: engine: expected one of ort:cpu, /],
  [{ models: '[]' }, 'config.yaml:3:9: models: expected at least one of the models'],
  [{ models: '[tiny.onnx]' }, /^config\.yaml:3:10: a model is { zoo: name } or /],
  [
    { models: '[{ file: tiny.onnx }]' },
    `config.yaml:3:10: missing key "models[0].preprocessing" (expected ${preprocessing})`,
  ],
  [{ models: '[{ file: tin.onnx, preprocessing: none }]' }, 'config.yaml:3:18: no such file: tin.onnx'],
  [
    { models: '[{ file: tiny.onnx, preprocessing: imagnet }]' },
    `config.yaml:3:44: models[0].preprocessing: expected ${preprocessing}`,
  ],
  [{ models: '[{ zoo: scenes-vg }]' }, /^config\.yaml:3:17: no net "scenes-vg" in the zoo/],
  [{ datasets: '[{ kind: scenes }]' }, 'config.yaml:9:11: give either "dataset" or a list "datasets"'],
  [{ target: 'labels' }, 'config.yaml:9:9: target: expected one of "predicted"|"label"'],
  [{ plugins: '[nope.ts]' }, 'config.yaml:9:11: cannot read the plug-in nope.ts (ENOENT)'],
  [{ tables: '[{ name: a, columns: [] }]' }, 'config.yaml:9:30: tables[0].columns: expected at least one column'],
  [{ tables: '[{ nme: a, columns: [deletion] }]' }, /^config\.yaml:9:12: unknown key "nme"; did you mean "name"\?/m],
  [
    { tables: '[{ name: a, columns: [deltion] }]' },
    'config.yaml:9:31: the results have no metric "deltion"; did you mean "deletion"?',
  ],
  [{ tables: '[{ name: a, columns: [ssim] }]' }, /^config\.yaml:9:31: the results have no metric "ssim"/],
  [
    { tables: '[{ name: a, columns: [{ metric: deletion, attack: pdg }] }]' },
    'config.yaml:9:59: the results have no attack "pdg"; did you mean "pgd"?',
  ],
  [
    { tables: '[{ name: a, columns: ["ssim:before-after"] }]' },
    'config.yaml:9:31: ssim:before-after has values under attacks only; add attack: NAME',
  ],
  [
    { tables: '[{ name: a, columns: [deletion], published: { source: b, values: { x: { sdr: [1] } } } }]' },
    'config.yaml:9:86: the results have no explainer "sdr"; did you mean "srd"?',
  ],
  [
    { tables: '[{ name: a, columns: [deletion], published: { source: b, values: { x: { srd: [1, 2] } } } }]' },
    'config.yaml:9:86: 2 values for 1 columns; write null for one that is not known',
  ],
  [
    { tables: '[{ name: a, columns: [deletion], explainers: [gradcam] }]' },
    'config.yaml:9:55: the results have no explainer "gradcam"; did you mean "grad-cam"?',
  ],
  [
    { tables: '[{ name: a, columns: [deletion] }, { name: a, columns: [deletion] }]' },
    'config.yaml:9:52: two tables are called "a"',
  ],
  [{ seed: 'a' }, 'config.yaml:2:7: seed: expected number, received text'],
  [{ name: '[' }, /^config\.yaml:\d+:\d+: Flow sequence/],
  [{ name: '"a b"' }, /^config\.yaml:1:7: name: expected a name of letters/],
])('%j', async (changes, message) => {
  const found = await messageFor(changes);
  if (typeof message === 'string') expect(found).toBe(message);
  else expect(found).toMatch(message);
});

test('reports several mistakes at once', async () => {
  const message = await messageFor({ seed: 'a', heatmaps: '-1' });
  expect(message.split('\n')).toHaveLength(2);
});

describe('variables', () => {
  beforeAll(() => vi.stubEnv('XAI_TEST_SET', '/nowhere'));
  const expects = '{ XAI_TEST_SET: a folder with tiny.onnx, XAI_TEST_UNSET: a folder with tiny.onnx }';
  const models = (name: string) => `[{ file: "\${${name}}/tiny.onnx", preprocessing: none }]`;

  test('one that is not set', async () => {
    expect(await messageFor({ models: models('XAI_TEST_UNSET'), expects })).toBe(
      'config.yaml:3:18: the environment variable XAI_TEST_UNSET is not set; set XAI_TEST_UNSET to a folder with tiny.onnx',
    );
  });

  test('one that leads nowhere', async () => {
    expect(await messageFor({ models: models('XAI_TEST_SET'), expects })).toBe(
      'config.yaml:3:18: no such file: /nowhere/tiny.onnx\nXAI_TEST_SET should be a folder with tiny.onnx',
    );
  });
});

test('fills in names, defaults and heatmap steps', async () => {
  const file = await tinyExperiment(await temporaryFolder(), {
    explainers: '[srd, { use: lrp, as: lrp-box, composite: epsilon-gamma-box }]',
    metrics: '[{ use: deletion, on: [clean], heatmap: { channels: abs-sum } }, ssim]',
  });
  const { explainers, metrics, target, datasets } = await readConfig(file);
  expect(explainers.map(({ name, definition }) => [name, definition.name])).toEqual([
    ['srd', 'srd'],
    ['lrp-box', 'lrp'],
  ]);
  expect(explainers[1].options).toEqual({ composite: 'epsilon-gamma-box', rules: [], epsilon: 1e-6, gamma: 0.25 });
  expect(target).toBe('predicted');
  expect(datasets.map(({ name }) => name)).toEqual(['scenes']);
  const [deletion, ssim] = metrics;
  expect(isMapMetric(deletion) && deletion.on).toEqual(['clean']);
  expect(deletion.heatmap).toEqual({ channels: 'abs-sum', sign: 'signed', normalise: 'none' });
  expect(ssim.heatmap).toEqual(ssim.definition.heatmap);
});

test('reads class names of a model', async () => {
  const folder = await temporaryFolder();
  const csv = ['label,synset,name', ...Array.from({ length: 10 }, (_, i) => `${i},n${i},class ${i}`)];
  await writeFile(join(folder, 'classes.csv'), csv.join('\n'));
  const model = '{ file: tiny.onnx, preprocessing: none, labels: classes.csv, name: small }';
  const { models } = await readConfig(await tinyExperiment(folder, { models: `[${model}]` }));
  expect(models[0].name).toBe('small');
  expect(models[0].labels?.[9]).toBe('class 9');
});
