import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { makeSample } from '../../src/data/sample.ts';
import { noCopies } from '../../src/engine/copies.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { readConfig, type Config } from '../../src/experiment/config.ts';
import { makePlan } from '../../src/experiment/plan.ts';
import { openStore } from '../../src/experiment/store.ts';
import { openSubjects } from '../../src/experiment/subject.ts';
import { createTaskRunner, inProcess } from '../../src/experiment/task-runner.ts';
import { workThrough } from '../../src/experiment/work.ts';
import { resolveShape } from '../../src/graph/shape.ts';
import { sizeOf, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { temporaryFolder, tinyExperiment } from './tiny.ts';

const values = new Map<string, Tensor>();

function valueOf(shape: readonly number[]): Tensor {
  const key = shape.join();
  if (!values.has(key))
    values.set(
      key,
      tensor(
        shape,
        Array.from({ length: sizeOf(shape) }, (_, i) => i % 7),
      ),
    );
  return values.get(key)!;
}

/** Gives values of the right shapes and computes nothing. */
const idle: Engine = {
  name: 'idle',
  device: 'cpu',
  onProcessor: true,
  compile: (outputs) => ({
    inputs: [],
    run: ({ pixels }) =>
      Promise.resolve(
        Object.fromEntries(
          Object.entries(outputs).map(([name, node]) => [name, valueOf(resolveShape(node.shape, pixels.shape[0]))]),
        ),
      ),
    release: () => Promise.resolve(),
  }),
  compileStep: () => {
    throw new Error('nothing here goes round');
  },
  copies: () => noCopies,
  describe: () => Promise.resolve({ version: '0' }),
  release: () => Promise.resolve(),
};

/** A config on a number of blank pictures. */
function onBlanks(config: Config, count: number): Config {
  const ids = Array.from({ length: count }, (_, i) => `blank-${i}`);
  const [entry] = config.datasets;
  const open: typeof entry.definition.open = () =>
    Promise.resolve({
      name: 'blanks',
      provides: [],
      ids,
      load: (i) => Promise.resolve(makeSample({ id: ids[i], image: tensor([3, 16, 16]) })),
    });
  return { ...config, datasets: [{ ...entry, definition: { ...entry.definition, open } }] };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function memory(): number {
  collect();
  // Array buffers are swept beside the program, which a second collection waits for.
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test('memory stays flat over 10,000 units', async () => {
  const folder = await temporaryFolder();
  const read = await readConfig(
    await tinyExperiment(folder, {
      explainers: '[gradient, random]',
      attacks: '[gaussian-noise]',
      metrics: '[sparseness]',
      heatmaps: '0',
    }),
  );
  const config = onBlanks(read, 2500);
  const plan = makePlan(config, await openSubjects(config), idle);
  expect(plan.units).toHaveLength(10_000);
  const store = await openStore(folder);
  const held: number[] = [];
  const work = await workThrough(config, plan, inProcess(createTaskRunner(config, plan, idle)), store, {
    out: folder,
    onProgress: ({ done }) => {
      if (done % 2000 === 0) held.push(memory());
    },
  });
  expect(work.computed).toBe(10_000);
  let rows = 0;
  for (const record of work.records) rows += record.rows.length;
  expect(rows).toBe(5000 * 1 + 5000 * (1 + 12));
  // A unit leaves the place of its line and a hash; its rows alone would be some 2 kB.
  expect(held).toHaveLength(5);
  expect((held[4] - held[1]) / 6000).toBeLessThan(500);
  store.close();
}, 120_000);
