import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Task } from '../../../src/experiment/executor.ts';
import { packageVersion } from '../../../src/experiment/package.ts';
import type { RunDescription } from '../../../src/experiment/queue/description.ts';
import { joinRun, throughQueue } from '../../../src/experiment/queue/run.ts';
import { serve } from '../../../src/experiment/queue/worker.ts';
import { runExperiment } from '../../../src/experiment/run.ts';
import { UserError } from '../../../src/numeric/errors.ts';
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

/** Works until the end of the test on what stands in a folder, where a run may describe itself otherwise; `before` is called with each task. */
function start(
  url: string,
  name: string,
  base: string,
  { otherwise = (run: RunDescription) => run, before = undefined as ((task: Task) => void) | undefined } = {},
): string[] {
  const controller = new AbortController();
  const lines: string[] = [];
  void serve({
    url,
    name,
    async open(description) {
      const opened = await joinRun(otherwise(description as RunDescription), base);
      async function* watched(tasks: AsyncIterable<Task>) {
        for await (const task of tasks) {
          before?.(task);
          yield task;
        }
      }
      return { ...opened, execute: (tasks, events) => opened.execute(watched(tasks), events) };
    },
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
  test.each(['1', '2'])(
    'takes nothing from a worker whose version, model or pictures differ; both sides name what differs: %s',
    async (attackBatch) => {
      const folder = await temporaryFolder();
      const { url } = await startRedis({ persist: false });
      const here = join(folder, 'here');
      await mkdir(here);
      const config = await experimentIn(here, { attackBatch });
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
        old: start(url, 'old', here, { otherwise: old }),
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
    },
  );

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

  test('ends with exit code 1 where a sample was set aside, says which, and tries it again the next time', async () => {
    const folder = await temporaryFolder();
    const { url } = await startRedis({ persist: false });
    const config = await experimentIn(folder);
    let broken = true;
    const before = ({ id }: Task) => {
      if (broken && id.endsWith('b.png')) throw new UserError('out of luck');
    };
    start(url, 'a', folder, { before });
    const out = join(folder, 'out');
    const common = ['--config', config, '--queue', url, '--threads', '1', '--engine', 'ort', '--quiet'];
    const run = (...rest: string[]) => cli('experiment', ...common, '--out', out, ...rest);
    const setAside = async () =>
      (JSON.parse(await readFile(join(out, 'run.json'), 'utf8')) as { setAside: unknown }).setAside;

    const first = await run();
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(/b\.png.*out of luck \(1 tries\)/);
    const again = `xai-gauntlet experiment --config ${config} --out ${out} --engine ort --threads 1`;
    expect(first.stderr).toContain(`to try it again: ${again} --queue ${url}\n`);
    expect(await setAside()).toEqual([
      { model: 'tiny', dataset: 'image-folder', sample: 'b.png', units: 4, reason: 'out of luck (1 tries)' },
    ]);
    expect((await run('--shard', '1/1')).stderr).toContain(`${again} --shard 1/1 --queue ${url}\n`);
    broken = false;
    expect(await run()).toMatchObject({ code: 0, stderr: expect.stringContaining('4 computed') as string });
    expect(await setAside()).toEqual([]);
  });
});
