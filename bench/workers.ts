/**
 * Units a second of an experiment by numbers of processes and threads, reports left out:
 * `tsx bench/workers.ts [--config experiments/quickstart.yaml] [--samples 4] [--shares 1x1,2x1,1x2]` (processes x threads).
 * Prints JSON lines.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../src/experiment/config.ts';
import { makePlan } from '../src/experiment/plan.ts';
import { openStore } from '../src/experiment/store.ts';
import { openSubjects } from '../src/experiment/subject.ts';
import { workThrough } from '../src/experiment/work.ts';
import { workerPool } from '../src/experiment/workers/pool.ts';

const { values } = parseArgs({
  options: {
    config: { type: 'string', default: 'experiments/quickstart.yaml' },
    samples: { type: 'string', default: '4' },
    shares: { type: 'string', default: '1x1,2x1,1x2' },
  },
});
const config = { ...(await readConfig(values.config)), heatmaps: 0 };
const { units, leftOut } = makePlan(config, await openSubjects(config));
const plan = { units: units.filter(({ index }) => index < Number(values.samples)), leftOut };

for (const share of values.shares.split(',')) {
  const [workers, threads] = share.split('x').map(Number);
  const out = await mkdtemp(join(tmpdir(), 'gauntlet-'));
  const store = await openStore(out);
  const begun = performance.now();
  await workThrough(config, plan, workerPool({ recipe: config.recipe, threads }, workers), store, { out });
  const seconds = (performance.now() - begun) / 1000;
  store.close();
  await rm(out, { recursive: true });
  const rate = Number((plan.units.length / seconds).toPrecision(3));
  console.log(
    JSON.stringify({
      config: config.name,
      cores: cpus().length,
      workers,
      threads,
      units: plan.units.length,
      seconds,
      rate,
    }),
  );
}
