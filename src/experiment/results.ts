import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MetricInfo, Summary } from '../../reports/index.ts';
import { writeWhole } from '../../reports/write.ts';
import { writeArtifacts } from './artifacts.ts';
import { attackMeasures } from './attack-measures.ts';
import type { Engine } from '../engine/engine.ts';
import type { Config, MetricEntry } from './config.ts';
import { curveSets } from './curves.ts';
import { figures } from './figures.ts';
import type { Plan } from './plan.ts';
import { runRecord, type RunFacts } from './run-record.ts';
import type { Work } from './work.ts';

export interface Results {
  /** Number of rows of results.csv. */
  readonly rows: number;
  readonly summaries: readonly Summary[];
  /** Written files, relative to the folder of the results. */
  readonly files: readonly string[];
}

/** What reports say of a metric. */
function metricInfo({ name, definition }: MetricEntry): MetricInfo {
  const { title, better, range, proportion } = definition;
  return { name, title, better, range, proportion, axes: definition.kind === 'map' ? definition.axes : undefined };
}

/** Writes what a finished run leaves: results.csv, results.parquet, summary.csv, pairwise.csv, ranks.csv, tables/, charts/, heatmaps/, report.html, run.json and, where the config keeps them, artifacts/. */
export async function writeResults(
  config: Config,
  plan: Plan,
  engine: Engine,
  work: Work,
  facts: Omit<RunFacts, 'seconds' | 'rows'>,
): Promise<Results> {
  const { out, started } = facts;
  const { writeReports } = await import('../../reports/index.ts');
  for (const folder of ['tables', 'charts', 'heatmaps', 'report', 'artifacts'])
    await rm(join(out, folder), { recursive: true, force: true });
  const rows = [...work.records].flatMap((record) => record.rows);
  const seconds = (Date.now() - started.getTime()) / 1000;
  const record = await runRecord(config, plan, engine, work, { ...facts, seconds, rows: rows.length });
  const { files, summaries } = await writeReports({
    rows,
    seed: config.seed,
    metrics: [...config.metrics.map(metricInfo), ...attackMeasures],
    tables: config.tables,
    curves: curveSets(work.records),
    figures: figures(config, plan, out),
    run: record,
    out,
  });
  const artifacts = config.keep ? await writeArtifacts(plan, out) : [];
  await writeWhole(join(out, 'run.json'), `${JSON.stringify(record, null, 2)}\n`);
  return { rows: rows.length, summaries, files: [...files, ...artifacts, 'run.json'] };
}
