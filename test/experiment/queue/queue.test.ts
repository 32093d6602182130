import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Executor, Task, TaskResult } from '../../../src/experiment/executor.ts';
import { createQueueExecutor } from '../../../src/experiment/queue/coordinator.ts';
import { Refusal } from '../../../src/experiment/queue/part.ts';
import { serve } from '../../../src/experiment/queue/worker.ts';
import { UserError } from '../../../src/numeric/errors.ts';
import { redisServer, startNetwork, startRedis } from './redis.ts';

const taskOf = (i: number): Task => ({
  id: `model/data/sample:${i}`,
  units: [0, 1, 2].map((unit) => ({ key: `${i}-${unit}`, description: '', cells: [], maps: false })),
});

async function* tasksUpTo(count: number, done: ReadonlySet<string> = new Set()): AsyncGenerator<Task> {
  for (let i = 0; i < count; i++) {
    const task = taskOf(i);
    const units = task.units.filter(({ key }) => !done.has(key));
    if (units.length > 0) yield { ...task, units };
  }
}

type Step = (key: string, task: Task) => Promise<void> | void;

/** Sends the units of a task one by one, each after `step`. */
const worker = (step: Step = () => undefined): Executor => ({
  async execute(tasks, { onResult, signal }) {
    for await (const task of tasks)
      for (const { key } of task.units) {
        if (signal?.aborted) return;
        await step(key, task);
        await onResult({ task: task.id, units: [{ key, seconds: 0 } as TaskResult['units'][number]] });
      }
  },
});

/** Takes part in a test as a worker of its own; `leave` is what Ctrl-C does. */
function start(url: string, name: string, open: () => Promise<Executor>, takeOver = 2) {
  const controller = new AbortController();
  const lines: string[] = [];
  const signal = controller.signal;
  const ended = serve({ url, name, open, say: (line) => lines.push(line), signal, takeOver });
  onTestFinished(() => controller.abort());
  return { lines, leave: () => (controller.abort(), ended) };
}

/** Coordinates a run, and notes what it was told. */
function coordinate(url: string, count: number, { done = new Set<string>(), queue = 'run' } = {}) {
  const controller = new AbortController();
  const [lines, setAside]: [string[], string[]] = [[], []];
  const computed: string[] = [];
  const ended = createQueueExecutor({
    url,
    queue,
    description: { run: queue },
    say: (line) => lines.push(line),
  }).execute(tasksUpTo(count, done), {
    signal: controller.signal,
    async onResult({ task, units, setAside: reason }) {
      await sleep(0);
      if (reason !== undefined) setAside.push(`${task}: ${reason}`);
      for (const { key } of units) {
        computed.push(key);
        done.add(key);
      }
    },
  });
  onTestFinished(() => controller.abort());
  return { ended, lines, setAside, done, computed, stop: () => controller.abort() };
}

const all = (count: number) => Array.from({ length: count }, (_, i) => taskOf(i).units.map(({ key }) => key)).flat();

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}

describe.skipIf(!redisServer)('a queue on Redis', { timeout: 120_000 }, () => {
  test('brings every unit back once, and leaves nothing in Redis', async () => {
    const { url } = await startRedis({ persist: false });
    const workers = ['a', 'b'].map((name) => start(url, name, () => Promise.resolve(worker())));
    const run = coordinate(url, 560);
    await run.ended;
    expect(run.computed.toSorted()).toEqual(all(560).toSorted());
    await Promise.all(workers.map(({ leave }) => leave()));
    const redis = new Redis(url);
    onTestFinished(() => redis.disconnect());
    expect(await redis.keys('*')).toEqual([]);
  });

  test.each([true, false])('survives a restart of Redis (data kept: %s)', async (persist) => {
    const redis = await startRedis({ persist });
    start(redis.url, 'a', () => Promise.resolve(worker(() => sleep(5))));
    const run = coordinate(redis.url, 60);
    await until(() => run.done.size > 30);
    await redis.restart();
    await run.ended;
    expect([...run.done].toSorted()).toEqual(all(60).toSorted());
    expect(run.lines).toEqual([
      expect.stringMatching(/^the connection to redis:\S+ is lost/),
      expect.stringMatching(/again$/),
    ]);
  });

  test('sets aside what always fails, after three tries, and a mistake after one', async () => {
    const { url } = await startRedis({ persist: false });
    const tried: string[] = [];
    const step: Step = (key) => {
      tried.push(key);
      if (key === '1-1') throw new Error('1-1: out of luck');
      if (key === '2-0') throw new UserError('2-0: label 7 of 5');
    };
    start(url, 'a', () => Promise.resolve(worker(step)));
    const run = coordinate(url, 4);
    await run.ended;
    expect(run.setAside.toSorted()).toEqual([
      'model/data/sample:1: 1-1: out of luck (3 tries)',
      'model/data/sample:2: 2-0: label 7 of 5 (1 tries)',
    ]);
    expect(tried.filter((key) => key.startsWith('1-'))).toEqual(['1-0', '1-1', '1-1', '1-1']);
    expect([...run.done].toSorted()).toEqual(all(4).filter((key) => !/^(1-[12]|2-)/.test(key)));
  });

  test('takes over from a worker that is cut off, whose late results do no harm', async () => {
    const redis = await startRedis({ persist: false });
    const network = await startNetwork(redis.port);
    let atWork = '';
    let release: () => void = () => undefined;
    const slow = worker((key) => {
      atWork = key;
      return new Promise((resolve) => (release = resolve));
    });
    const cutOff = start(network.url, 'cut off', () => Promise.resolve(slow));
    const run = coordinate(redis.url, 3);
    await until(() => atWork !== '');
    network.cut();
    start(redis.url, 'other', () => Promise.resolve(worker()));
    await run.ended;
    expect(run.computed.toSorted()).toEqual(all(3).toSorted());
    network.mend();
    release();
    await cutOff.leave();
  });

  test('sets aside what kills three workers, and keeps what they had sent of it', async () => {
    const redis = await startRedis({ persist: false });
    const died: string[] = [];
    const restore: (() => void)[] = [];
    const workers = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      const network = await startNetwork(redis.port);
      const step: Step = (key) => {
        if (key !== '1-1') return undefined;
        network.cut();
        died.push(name);
        return new Promise((resolve) => restore.push(() => (network.mend(), resolve())));
      };
      workers.push(start(network.url, name, () => Promise.resolve(worker(step)), 1));
    }
    const run = coordinate(redis.url, 4);
    await run.ended;
    expect(new Set(died).size).toBe(3);
    expect(died).toHaveLength(3);
    expect(run.setAside).toEqual(['model/data/sample:1: its worker died or was cut off 3 times']);
    expect(run.computed.toSorted()).toEqual(all(4).filter((key) => !/^1-[12]/.test(key)));
    for (const mend of restore) mend();
    await Promise.all(workers.map(({ leave }) => leave()));
  });

  test('goes on where a coordinator was stopped, and what workers finished meanwhile counts', async () => {
    const { url } = await startRedis({ persist: false });
    const began: string[] = [];
    const one = start(url, 'a', () => Promise.resolve(worker(async (key) => (began.push(key), await sleep(20)))));
    const first = coordinate(url, 20);
    await until(() => first.done.size > 5);
    first.stop();
    await first.ended;
    const known = first.done.size;
    await sleep(200);
    const second = coordinate(url, 20, { done: first.done });
    await second.ended;
    expect([...second.done].toSorted()).toEqual(all(20).toSorted());
    expect(began.toSorted()).toEqual(all(20).toSorted());
    expect(second.computed.length).toBe(60 - known);
    await one.leave();
  });

  test('a worker that is stopped gives its task back, and another leaves out what was sent', async () => {
    const { url } = await startRedis({ persist: false });
    const seen: string[] = [];
    const step: Step = async (key) => {
      seen.push(key);
      await sleep(50);
    };
    const first = start(url, 'first', () => Promise.resolve(worker(step)), 30);
    const run = coordinate(url, 1);
    await until(() => seen.length === 2);
    await first.leave();
    start(url, 'second', () => Promise.resolve(worker(step)), 30);
    await run.ended;
    expect(seen).toEqual(['0-0', '0-1', '0-2']);
  });

  test('a worker that differs takes nothing, and the coordinator says so', async () => {
    const { url } = await startRedis({ persist: false });
    const other = start(url, 'old', () => Promise.reject(new Refusal('this is version 0.0.1, the run is of 0.1.0')));
    const run = coordinate(url, 2);
    await until(() => run.lines.length > 0);
    expect(run.lines).toEqual(['worker old does not take part: this is version 0.0.1, the run is of 0.1.0']);
    expect(other.lines).toEqual(['refused run: this is version 0.0.1, the run is of 0.1.0']);
    expect(run.done.size).toBe(0);
    // One may find out in the middle of a task, too.
    const late = start(url, 'late', () =>
      Promise.resolve(
        worker(() => {
          throw new Refusal('sample 3 is another picture here');
        }),
      ),
    );
    await until(() => run.lines.length > 1);
    await until(() => late.lines.at(-1) === 'left run');
    start(url, 'good', () => Promise.resolve(worker()));
    await run.ended;
    expect(run.done.size).toBe(6);
  });
});
