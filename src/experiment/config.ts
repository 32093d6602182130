import { readFile } from 'node:fs/promises';
import { dirname, resolve as resolvePath } from 'node:path';
import type { TableLayout } from '../../reports/tables/layout.ts';
import { UserError } from '../numeric/errors.ts';
import { check, valueAt, type Place } from './config/check.ts';
import { readAttack } from './config/attack.ts';
import {
  checkNames,
  readEntry,
  type AttackEntry,
  type DatasetEntry,
  type ExplainerEntry,
  type MetricEntry,
} from './config/entries.ts';
import { readDatasets } from './config/datasets.ts';
import { checkScored, readMetric } from './config/metric.ts';
import { omit } from './config/omit.ts';
import { readModelEntry, type ModelEntry } from './config/models.ts';
import { extended } from './config/extend.ts';
import { configSchema } from './config/schema.ts';
import { namesOfRows, readTables } from './config/tables.ts';
import { parseSource, type Path, type Source } from './config/source.ts';
import { advice, expand } from './config/variables.ts';
import { loadPlugins } from './plugins.ts';

export type { AttackEntry, DatasetEntry, Entry, ExplainerEntry, MetricEntry } from './config/entries.ts';
export { datasetPath } from './config/datasets.ts';
export { isMapMetric } from './config/entries.ts';
export type { ModelEntry } from './config/models.ts';

/** From what another process reads the same config. Plain JSON. */
export interface Recipe {
  /** As written, variables included: each process puts in its own values. */
  readonly text: string;
  readonly file: string;
  /** The two explainers that `compare` reduces it to. */
  readonly pair?: readonly [explainer: string, against: string];
}

/** An experiment, checked and with all defaults filled in. */
export interface Config {
  readonly name: string;
  readonly seed: number;
  readonly target: 'predicted' | 'label';
  /** Name of the engine; absent where it is the default one. */
  readonly engine?: string;
  /** Where `experiment` has units computed: in its process (the default), or by the workers of a queue. */
  readonly executor?: 'process' | 'bullmq' | { readonly bullmq: { readonly url: string } };
  readonly models: readonly ModelEntry[];
  readonly datasets: readonly DatasetEntry[];
  readonly explainers: readonly ExplainerEntry[];
  readonly attacks: readonly AttackEntry[];
  /** How many samples are attacked together; absent where the engine decides. */
  readonly attackBatch?: number;
  readonly metrics: readonly MetricEntry[];
  /** Number of samples of each model and dataset whose maps are drawn. */
  readonly heatmaps: number;
  /** Whether the maps and attacked pictures of all samples are kept. */
  readonly keep?: 'artifacts';
  /** Layouts of the tables; absent where they are the default ones. */
  readonly tables?: readonly TableLayout[];
  /** As written. */
  readonly source: Source;
  readonly recipe: Recipe;
  /** Makes a path of the config absolute. */
  readonly resolve: (path: string) => string;
  /** What the variables in a part of the config should hold, to add to a message about a path; may be empty. */
  readonly hint: (path: Path) => string;
}

/** Reads a config file. Throws `UserError` that names the file, the line and the column of what is wrong with it. */
export async function readConfig(file: string): Promise<Config> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${file}: cannot read the config (${error.code}); give the path of a YAML file`);
  });
  return parseConfig(text, file);
}

/** Reads the text of a config; `file` names it in messages, and its paths are relative to the folder of `file`. */
export async function parseConfig(text: string, file: string): Promise<Config> {
  const source = await extended(parseSource(text, file));
  const top: Place = { source, path: [] };
  if ((source.value as { readonly kind?: unknown } | null)?.kind === 'apop')
    throw new UserError(
      `${source.at(['kind'])}: an APOP run has no explainers and metrics; the command experiment runs it`,
    );
  const { expects } = check(configSchema, source.value, top);
  const written = omit(source.value as Record<string, unknown>, 'expects');
  const config = check(configSchema, expand(written, top, expects), top);
  const resolve = (path: string) => resolvePath(dirname(file), path);
  const hint = (path: Path) => advice(valueAt(written, path), expects);
  const known = await loadPlugins(
    config.plugins.map((path, i) => ({ file: resolve(path), place: source.at(['plugins', i]) })),
  );
  const each = <T extends { name: string }>(
    key: string,
    values: readonly unknown[],
    read: (value: unknown, place: Place) => readonly T[],
  ) => {
    const entries = values.flatMap((value, i) => {
      const place: Place = { source, path: [key, i] };
      return read(value, place).map((entry) => ({ ...entry, place }));
    });
    checkNames(key, entries);
    return entries.map((entry) => omit(entry, 'place') as unknown as T);
  };
  const models: ModelEntry[] = [];
  for (const [i, value] of config.models.entries())
    models.push(await readModelEntry(value, { source, path: ['models', i] }, resolve, hint(['models', i])));
  checkNames(
    'models',
    models.map(({ name }, i) => ({ name, place: { source, path: ['models', i] } })),
  );
  const explainers = each('explainers', config.explainers, (value, place) => [
    omit(readEntry('explainers', value, place, known), 'rest'),
  ]);
  const attacks = each('attacks', config.attacks, (value, place) => readAttack(value, place, known, explainers));
  const checked = {
    name: config.name,
    seed: config.seed,
    target: config.target,
    engine: config.engine,
    attackBatch: config.attackBatch,
    executor: config.executor,
    heatmaps: config.heatmaps,
    keep: config.keep,
    models,
    datasets: readDatasets(config, written, source, known),
    explainers,
    attacks,
    metrics: each('metrics', config.metrics, (value, place) => [readMetric(value, place, known)]),
    source,
    recipe: { text, file },
    resolve,
    hint,
  };
  checkScored(checked.metrics, attacks, { source, path: ['metrics'] });
  const tables = config.tables && readTables(config.tables, { source, path: ['tables'] }, namesOfRows(checked));
  return { ...checked, tables };
}
