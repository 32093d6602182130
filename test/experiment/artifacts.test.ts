import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readImage } from '../../src/data/image.ts';
import { readConfig } from '../../src/experiment/config.ts';
import { runExperiment } from '../../src/experiment/run.ts';
import { readNpz } from '../../src/numeric/npy.ts';
import { temporaryFolder, tinyExperiment } from './tiny.ts';

it('keeps maps and attacked pictures by readable names, with the predictions before and after', async () => {
  const folder = await temporaryFolder();
  const changes = {
    attacks: '[{ use: pgd, steps: 3, epsilon: 0.3 }]',
    explainers: '[grad-cam]',
    metrics: '[pointing-game]',
  };
  const config = await tinyExperiment(folder, {
    ...changes,
    dataset: '{ kind: scenes, count: 2 }',
    heatmaps: '0',
    keep: 'artifacts',
  });
  const out = join(folder, 'out');
  await runExperiment(await readConfig(config), { out, workers: 1 });
  const index = readFileSync(join(out, 'artifacts', 'index.csv'), 'utf8')
    .trim()
    .split('\n');
  const [header, ...lines] = index.map((line) => line.split(','));
  const rows = lines.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i]])));
  expect(rows.map(({ attack }) => attack)).toEqual(['none', 'pgd', 'none', 'pgd']);
  for (const { file, attack, prediction, prediction_before: before, rounding } of rows) {
    const { image, attribution } = readNpz(readFileSync(join(out, `${file}.npz`)), file);
    expect(attribution.shape).toEqual([1, 16, 16]);
    expect(existsSync(join(out, `${file}.png`))).toBe(attack === 'pgd');
    if (attack === 'none') {
      expect(prediction).toBe(before);
      continue;
    }
    const picture = await readImage(join(out, `${file}.png`));
    const far = Math.max(...picture.data.map((v, i) => Math.abs(v - Number(image.data[i]))));
    expect(far).toBeCloseTo(Number(rounding), 6);
    expect(far).toBeLessThanOrEqual(0.5 / 255 + 1e-6);
    expect(far).toBeGreaterThan(0);
  }
});
