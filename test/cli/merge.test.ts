import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder, tinyExperiment } from '../experiment/tiny.ts';
import { cli } from './in-process.ts';

const few = { explainers: '[srd, random]', attacks: '[gaussian-noise]', metrics: '[pointing-game, ssim]' };

test('two shards merged are one run, byte for byte; a missing one is named', async () => {
  const folder = await temporaryFolder();
  const config = await tinyExperiment(folder, few);
  const at = (name: string) => join(folder, name);
  const run = (out: string, ...rest: string[]) =>
    cli('experiment', '--config', config, '--out', at(out), '--workers', '1', '--threads', '1', '--quiet', ...rest);
  expect(await run('part-1', '--shard', '1/2')).toMatchObject({ code: 0 });
  const second = await run('part-2', '--shard', '2/2');
  expect(second.code).toBe(0);
  expect(second.stderr).toMatch(
    /units \(\d+ computed, 0 from before\) in .*part-2; xai-gauntlet merge puts the shards together\n$/,
  );
  expect(await run('whole')).toMatchObject({ code: 0 });

  const merged = await cli('merge', at('part-2'), at('part-1'), '--out', at('merged'));
  expect(merged).toMatchObject({ code: 0, stderr: expect.stringContaining('12 units of 2 shards') as string });
  for (const file of ['results.csv', 'summary.csv', 'pairwise.csv'])
    expect(await readFile(join(at('merged'), file), 'utf8'), file).toBe(
      await readFile(join(at('whole'), file), 'utf8'),
    );

  const half = await cli('merge', at('part-2'), '--out', at('half'));
  expect(half).toMatchObject({ code: 2, stderr: 'missing: shard 1/2\n' });
});
