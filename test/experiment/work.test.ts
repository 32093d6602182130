import { expect, test } from 'vitest';
import { createReferenceEngine } from '../../src/engine/reference.ts';
import { readConfig } from '../../src/experiment/config.ts';
import type { Executor } from '../../src/experiment/executor.ts';
import { makePlan } from '../../src/experiment/plan.ts';
import { openStore } from '../../src/experiment/store.ts';
import { openSubjects } from '../../src/experiment/subject.ts';
import { workThrough } from '../../src/experiment/work.ts';
import { temporaryFolder, tinyExperiment } from './tiny.ts';

test('a sample that is lost when some of its units are done counts them once', async () => {
  const out = await temporaryFolder();
  const changes = { explainers: '[gradient, random]', attacks: '[]', metrics: '[pointing-game]', heatmaps: '0' };
  const config = await readConfig(await tinyExperiment(out, changes));
  const plan = makePlan(config, await openSubjects(config), createReferenceEngine());
  const executor: Executor = {
    async execute(tasks, { onResult }) {
      let lost = false;
      for await (const { id: task, units } of tasks) {
        const facts = { label: 0, prediction: 0, target: 0 };
        const done = units.map(({ key }) => ({ key, seconds: 0, samples: {}, facts, cells: {} }));
        await onResult({ task, units: done.slice(0, lost ? 2 : 1) });
        if (!lost) await onResult({ task, units: [], skipped: { units: units.map(({ key }) => key), reason: 'gone' } });
        lost = true;
      }
    },
  };
  const store = await openStore(out);
  const counts: number[] = [];
  const work = await workThrough(config, plan, executor, store, { out, onProgress: ({ done }) => counts.push(done) });
  store.close();
  expect(counts).toEqual([1, 2, 3, 4, 5, 6]);
  expect(work).toMatchObject({ finished: true, skipped: [{ sample: 'test-0-0', reason: 'gone' }] });
});
