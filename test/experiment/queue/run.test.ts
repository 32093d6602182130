import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { packageVersion } from '../../../src/experiment/package.ts';
import type { RunDescription } from '../../../src/experiment/queue/description.ts';
import { joinRun, throughQueue } from '../../../src/experiment/queue/run.ts';
import { serve } from '../../../src/experiment/queue/worker.ts';
import { runExperiment } from '../../../src/experiment/run.ts';
import { tensor } from '../../../src/numeric/tensor.ts';
import { cli } from '../../cli/in-process.ts';
import { encodePng } from '../../data/encode-png.ts';
import { temporaryFolder, tinyExperiment, tinyNet } from '../tiny.ts';
import { redisServer, startRedis } from './redis.ts';

const picture = (level: number) =>
  encodePng(
    tensor(
      [3, 16, 16],
      new Float32Array(768).map((_, i) => (i * level) % 1),
    ),
  );

/** A folder with a config, its model and two pictures. */
async function experimentIn(folder: string, changes: Readonly<Record<string, string>> = {}): Promise<string> {
  await mkdir(join(folder, 'pictures'));
  await writeFile(join(folder, 'pictures', 'a.png'), await picture(0.1));
  await writeFile(join(folder, 'pictures', 'b.png'), await picture(0.2));
  return tinyExperiment(folder, {
    dataset: '{ kind: image-folder, path: pictures }',
    explainers: '[srd, random]',
    attacks: '[gaussian-noise]',
    metrics: '[sparseness, ssim]',
    ...changes,
  });
}

/** Works until the end of the test on what stands in a folder, where a run may describe itself otherwise. */
function start(url: string, name: string, base: string, otherwise = (run: RunDescription) => run): string[] {
  const controller = new AbortController();
  const lines: string[] = [];
  void serve({
    url,
    name,
    open: (description) => joinRun(otherwise(description as RunDescription), base),
    say: (line) => lines.push(line),
    signal: controller.signal,
  });
  onTestFinished(() => controller.abort());
  return lines;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}

describe.skipIf(!redisServer)('a run through a queue', { timeout: 60_000 }, () => {
  test('takes nothing from a worker whose version, model or pictures differ; both sides name what differs', async () => {
    const folder = await temporaryFolder();
    const { url } = await startRedis({ persist: false });
    const here = join(folder, 'here');
    await mkdir(here);
    const config = await experimentIn(here);
    const straight = await runExperiment(config, { out: join(folder, 'straight'), workers: 1, threads: 1 });
    expect(straight.computed).toBe(8);

    const changed = async (name: string, file: string, bytes: Uint8Array | string) => {
      const base = join(folder, name);
      await cp(here, base, { recursive: true });
      await writeFile(join(base, file), bytes);
      return base;
    };
    const said: string[] = [];
    const run = runExperiment(config, {
      out: join(folder, 'queued'),
      threads: 1,
      executor: throughQueue(url, (line) => said.push(line)),
    });
    const old = (run: RunDescription) => ({ ...run, facts: { ...run.facts, 'xai-gauntlet': '0.0.1' } });
    const workers = {
      old: start(url, 'old', here, old),
      model: start(url, 'model', await changed('model', 'tiny.onnx', tinyNet('another'))),
      picture: start(url, 'picture', await changed('picture', 'pictures/b.png', await picture(0.3))),
      broken: start(url, 'broken', await changed('broken', 'pictures/b.png', 'no picture')),
    };
    const reasons = {
      old: `xai-gauntlet: ${packageVersion} here, 0\\.0\\.1 in the run`,
      // The keys of units hold the hash of their model.
      model: 'model tiny: [0-9a-f]{12} here, [0-9a-f]{12} in the run; units: .*',
      picture: 'sample b\\.png of image-folder is not what it is where the run was started',
      broken: 'cannot read it: .*b\\.png.*',
    };
    const names = Object.keys(reasons) as (keyof typeof reasons)[];
    await until(() => names.every((name) => workers[name].some((line) => line.startsWith('refused'))));
    await until(() => said.length >= names.length);
    for (const name of names) {
      expect(workers[name].find((line) => line.startsWith('refused'))).toMatch(
        new RegExp(`^refused tiny-[0-9a-f]{12}: ${reasons[name]}$`),
      );
      const [line] = said.filter((text) => text.startsWith(`worker ${name} `));
      expect(line).toMatch(new RegExp(`^worker ${name} does not take part: ${reasons[name]}$`));
    }

    start(url, 'same', here);
    expect(await run).toMatchObject({ finished: true, computed: 8, skipped: [], setAside: [] });
    for (const file of ['results.csv', 'summary.csv'])
      expect(await readFile(join(folder, 'queued', file), 'utf8'), file).toBe(
        await readFile(join(folder, 'straight', file), 'utf8'),
      );
  });

  test('is what a config asks for with executor: bullmq, at REDIS_URL or at a URL of its own', async () => {
    const folder = await temporaryFolder();
    const { url } = await startRedis({ persist: false });
    const config = await experimentIn(folder, { executor: 'bullmq' });
    const run = (out: string) =>
      cli('experiment', '--config', config, '--out', join(folder, out), '--threads', '1', '--quiet');
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('REDIS_URL', undefined);
    expect(await run('nowhere')).toMatchObject({
      code: 2,
      stderr: 'which queue? Give --queue redis://HOST:6379/0, or set REDIS_URL\n',
    });

    const lines = start(url, 'a', folder);
    vi.stubEnv('REDIS_URL', url);
    expect(await run('queued')).toMatchObject({ code: 0, stderr: expect.stringContaining('8 computed') as string });
    vi.stubEnv('REDIS_URL', undefined);
    const text = await readFile(config, 'utf8');
    await writeFile(config, text.replace('executor: bullmq', `executor: { bullmq: { url: '${url}' } }`));
    expect(await run('own')).toMatchObject({ code: 0, stderr: expect.stringContaining('8 computed') as string });
    expect(lines.filter((line) => line.startsWith('taking part'))).toHaveLength(2);
  });
});
