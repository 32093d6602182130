/**
 * What a unit costs beside its computation when workers compute it: tasks that take no time, through a Redis that runs already.
 * In one terminal `tsx bench/queue.ts worker redis://127.0.0.1:6379/0`, in another `tsx bench/queue.ts run redis://127.0.0.1:6379/0 [TASKS] [UNITS]`.
 * Prints a JSON line.
 */
import type { Executor, Task, UnitResult } from '../src/experiment/executor.ts';
import { createQueueExecutor } from '../src/experiment/queue/coordinator.ts';
import { serve } from '../src/experiment/queue/worker.ts';

const [role, url, tasks = '300', units = '4'] = process.argv.slice(2);
const say = (line: string) => console.error(line);

/** As large as the rows of a unit are. */
const rows = 'x'.repeat(2000);

const idle: Executor = {
  async execute(source, { onResult }) {
    for await (const task of source)
      for (const { key } of task.units)
        await onResult({ task: task.id, units: [{ key, rows, seconds: 0 } as unknown as UnitResult] });
  },
};

async function* empty(): AsyncGenerator<Task> {
  for (let i = 0; i < Number(tasks); i++)
    yield {
      id: `${i}`,
      units: Array.from({ length: Number(units) }, (_, u) => ({
        key: `${i}-${u}`.padEnd(64, '0'),
        description: '',
        cells: [],
        maps: false,
      })),
    };
}

if (role === 'worker')
  await serve({
    url,
    name: `${process.pid}`,
    open: () => Promise.resolve(idle),
    say,
    signal: new AbortController().signal,
  });
else {
  let begun = 0;
  let count = 0;
  const onResult = () => {
    begun ||= performance.now();
    count++;
    return Promise.resolve();
  };
  await createQueueExecutor({ url, queue: 'bench', description: { run: 'bench' }, say }).execute(empty(), { onResult });
  console.log(JSON.stringify({ tasks: Number(tasks), units: count, msPerUnit: (performance.now() - begun) / count }));
}
