import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/experiment/config.ts';
import { mergeShards } from '../../src/experiment/merge.ts';
import { makePlan } from '../../src/experiment/plan.ts';
import { runExperiment } from '../../src/experiment/run.ts';
import { shardOf } from '../../src/experiment/shard.ts';
import { openSubjects } from '../../src/experiment/subject.ts';
import { temporaryFolder, tinyExperiment } from './tiny.ts';

const few = { explainers: '[srd, random]', attacks: '[gaussian-noise]', metrics: '[pointing-game, ssim]' };

async function planOf(count: number) {
  const folder = await temporaryFolder();
  const config = await readConfig(
    await tinyExperiment(folder, { ...few, dataset: `{ kind: scenes, count: ${count} }` }),
  );
  return makePlan(config, await openSubjects(config));
}

test('shards have every unit once, and keep their samples when the dataset grows', async () => {
  const [small, large] = [await planOf(20), await planOf(30)];
  const descriptions = (plan: typeof small, index: number) =>
    shardOf(plan, { index, count: 3 }).units.map(({ description }) => description);
  const parts = [1, 2, 3].map((index) => descriptions(small, index));
  expect(parts.flat().toSorted()).toEqual(small.units.map(({ description }) => description).toSorted());
  parts.forEach((part, i) => {
    expect(part.length).toBeGreaterThan(0);
    const later = descriptions(large, i + 1);
    expect(part.filter((description) => !later.includes(description))).toEqual([]);
  });
});

test('merged shards give the bytes of one run; a missing, doubled or other one is named', async () => {
  const folder = await temporaryFolder();
  const config = await tinyExperiment(folder, few);
  const at = (name: string) => join(folder, name);
  const settings = { workers: 1, threads: 1 };
  const shards = [1, 2, 3].map((index) => at(`part-${index}`));
  for (const [i, out] of shards.entries())
    await runExperiment(config, { ...settings, out, shard: { index: i + 1, count: 3 } });
  await runExperiment(config, { ...settings, out: at('whole') });
  const result = await mergeShards(shards, { out: at('merged') });
  expect(result).toMatchObject({ finished: true, computed: 0, units: 12 });
  for (const file of ['results.csv', 'summary.csv', 'pairwise.csv'])
    expect(await readFile(join(at('merged'), file), 'utf8')).toBe(await readFile(join(at('whole'), file), 'utf8'));

  const units = () => readFile(join(at('merged'), 'units.jsonl'), 'utf8');
  const before = await units();
  await mergeShards(shards.toReversed(), { out: at('merged') });
  expect(await units()).toBe(before);
  expect(await mergeShards(shards, { out: at('whole') })).toMatchObject({ finished: true });
  await expect(mergeShards(shards, { out: `${shards[1]}/` })).rejects.toThrow(/part-2\/: is one of the shards/);

  const [a, b] = shards;
  await expect(mergeShards([b], { out: at('x') })).rejects.toThrow(/^missing: shard 1\/3, shard 3\/3$/);
  await expect(mergeShards([a, a], { out: at('x') })).rejects.toThrow(/shard 1\/3 comes twice/);
  await expect(mergeShards([a, at('whole')], { out: at('x') })).rejects.toThrow(/whole: holds no finished shard/);
  const other = await tinyExperiment(folder, { ...few, seed: '1' });
  await runExperiment(other, { ...settings, out: at('other'), shard: { index: 2, count: 3 } });
  await expect(mergeShards([a, at('other')], { out: at('x') })).rejects.toThrow(
    /other does not go with .*part-1: units/,
  );
});
