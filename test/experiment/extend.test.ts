import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/experiment/config.ts';
import { temporaryFolder, tinyExperiment } from './tiny.ts';

/** Writes `twin.yaml` beside the tiny config and reads it; the folder is cut from messages. */
async function twin(lines: string, changes: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder();
  await tinyExperiment(folder, changes);
  const file = join(folder, 'twin.yaml');
  await writeFile(file, lines);
  return readConfig(file).catch((error: Error) => error.message.replaceAll(`${folder}/`, ''));
}

test('a config has the keys that it does not give from the one that it extends', async () => {
  const config = await twin('extends: config.yaml\nname: twin\nexplainers: [grad-cam]\n');
  expect(config).toMatchObject({ name: 'twin', seed: 0, heatmaps: 1, explainers: [{ name: 'grad-cam' }] });
  expect(config).toMatchObject({ metrics: [{ name: 'deletion' }, {}, {}, {}, {}], models: [{ name: 'tiny' }] });
});

test('a list of datasets takes the place of the dataset', async () => {
  const config = await twin('extends: config.yaml\ndatasets: [{ kind: scenes, count: 1 }]\n');
  expect(config).toMatchObject({ datasets: [{ options: { count: 1 } }] });
});

test.each([
  ['extends: config.yaml\nmetrics: [nope]\n', {}, /^twin\.yaml:2:11: no metric "nope"/],
  ['extends: config.yaml\n', { metrics: '[nope]' }, /^config\.yaml:7:11: no metric "nope"/],
  ['extends: config.yaml\nmetrcs: [ssim]\n', {}, /^twin\.yaml:2:1: unknown key "metrcs"/],
  ['extends: config.yaml\n', { heatmapz: '3' }, /^config\.yaml:9:1: unknown key "heatmapz"/],
  ['extends: gone.yaml\n', {}, /^twin\.yaml:1:10: extends: cannot read .*gone\.yaml \(ENOENT\)/],
  ['extends: ../config.yaml\n', {}, /^twin\.yaml:1:10: extends: expected the name of a config in the same folder/],
  ['extends: config.yaml\n', { extends: 'twin.yaml' }, /extends: twin\.yaml ends up extending itself/],
])('%j over %j: a mistake is found in the file it stands in', async (lines, changes, message) => {
  expect(await twin(lines, changes)).toMatch(message);
});
