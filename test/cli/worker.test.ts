import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { redisServer, startNetwork, startRedis } from '../experiment/queue/redis.ts';
import { temporaryFolder, tinyExperiment } from '../experiment/tiny.ts';
import { runCli, start } from './run-cli.ts';

const linesOf = async (file: string) => (await readFile(file, 'utf8').catch(() => '')).split('\n').length - 1;

async function untilUnits(file: string, count: number): Promise<void> {
  while ((await linesOf(file)) < count) await sleep(20);
}

/** Takes its time without taking any of the processor's. */
const slow = `
import { setTimeout } from 'node:timers/promises';
import { defineExplainer, tensor, z } from 'xai-gauntlet';

export default defineExplainer({
  name: 'slow',
  title: 'The first channel, after a while',
  paper: 'test',
  options: z.strictObject({}),
  async explain({ image }: any) {
    await setTimeout(150);
    const [, height, width] = image.shape;
    return tensor([1, height, width], image.data.slice(0, height * width));
  },
});
`;

const small = {
  plugins: '[./slow.ts]',
  dataset: '{ kind: scenes, count: 20 }',
  explainers: '[srd, slow]',
  attacks: '[{ use: pgd, steps: 2 }]',
  metrics: '[pointing-game, ssim]',
};

describe.skipIf(!redisServer)('workers of a queue', { timeout: 300_000 }, () => {
  test('give the bytes of one process, though one is killed, one is cut off, Redis restarts, and the coordinator is killed', async () => {
    const folder = await temporaryFolder();
    const redis = await startRedis({ args: ['--requirepass', 'secret'], auth: ':secret@' });
    const network = await startNetwork(redis.port);
    await writeFile(join(folder, 'slow.ts'), slow);
    const config = await tinyExperiment(folder, small);
    const units = join(folder, 'queued', 'units.jsonl');
    const work = (name: string, url: string) =>
      start(['worker', '--queue', url, '--name', name, '--take-over', '4', '--idle', '60'], folder);
    const workers = {
      killed: work('killed', redis.url),
      cutOff: work('cut-off', network.url.replace('//', '//:secret@')),
      steady: work('steady', redis.url),
    };
    const coordinate = () => start(['experiment', '--config', config, '--queue', redis.url, '--out', 'queued'], folder);
    const first = coordinate();
    await untilUnits(units, 8);
    workers.killed.process.kill('SIGKILL');
    await untilUnits(units, 30);
    await redis.restart();
    await untilUnits(units, 50);
    network.cut();
    first.process.kill('SIGKILL');
    expect((await first.ended).stderr).toMatch(/connection to redis:\/\/127\.0\.0\.1:\d+\/0 is lost/);
    const run = coordinate();
    const { code, stderr } = await run.ended;
    expect(stderr).toMatch(/80 units \(\d+ computed, [1-9]\d* from before\)/);
    expect(code).toBe(0);

    // Late results of a run that is over are of no use to anybody, and do no harm.
    network.mend();
    workers.steady.process.kill('SIGTERM');
    workers.cutOff.process.kill('SIGTERM');
    expect((await workers.steady.ended).code).toBe(0);
    expect((await workers.cutOff.ended).code).toBe(0);

    const straight = await runCli(['experiment', '--workers', '1', '--config', config, '--out', 'straight'], folder);
    expect(straight.code).toBe(0);
    for (const file of ['results.csv', 'summary.csv', 'pairwise.csv', 'ranks.csv'])
      expect(await readFile(join(folder, 'queued', file), 'utf8'), file).toBe(
        await readFile(join(folder, 'straight', file), 'utf8'),
      );
    for (const { ended } of [workers.steady, workers.cutOff, first, run])
      expect((await ended).stderr).not.toContain('secret');
    expect(await readFile(join(folder, 'queued', 'run.json'), 'utf8')).not.toContain('secret');
    expect(existsSync(join(folder, 'queued', 'queue-id'))).toBe(false);
  });
});
