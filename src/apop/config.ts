import { readFile } from 'node:fs/promises';
import { dirname, resolve as resolvePath } from 'node:path';
import { z } from 'zod';
import { tableLayout, type TableLayout } from '../../reports/tables/layout.ts';
import { check, type Place } from '../experiment/config/check.ts';
import { checkNames, readEntry, type Entry } from '../experiment/config/entries.ts';
import { extended } from '../experiment/config/extend.ts';
import { readModelEntry, type ModelEntry } from '../experiment/config/models.ts';
import { configSchema, entryName } from '../experiment/config/schema.ts';
import { parseSource, type Source } from '../experiment/config/source.ts';
import { readTables } from '../experiment/config/tables.ts';
import { advice, expand } from '../experiment/config/variables.ts';
import { loadPlugins } from '../experiment/plugins.ts';
import type { DatasetDefinition } from '../data/dataset.ts';
import { UserError } from '../numeric/errors.ts';
import { measures, rowNames } from './measures.ts';
import { referenceNames, type ReferenceName } from './references.ts';
import type { Pooling } from './pattern.ts';

const schema = z.strictObject({
  kind: z.literal('apop'),
  name: entryName,
  description: z.string().optional(),
  seed: configSchema.shape.seed,
  expects: configSchema.shape.expects,
  models: configSchema.shape.models,
  dataset: z.unknown(),
  references: z
    .array(z.enum(referenceNames))
    .min(1)
    .default([...referenceNames]),
  pooling: z.enum(['own', 'recorded']).default('own'),
  tables: z.array(z.unknown()).optional(),
});

/** An APOP experiment, checked and with all defaults filled in. */
export interface ApopConfig {
  readonly name: string;
  readonly seed: number;
  readonly models: readonly ModelEntry[];
  readonly dataset: Entry<DatasetDefinition>;
  readonly references: readonly ReferenceName[];
  readonly pooling: Pooling;
  readonly tables: readonly TableLayout[];
  readonly source: Source;
  readonly resolve: (path: string) => string;
  /** What the variables of the dataset should hold, to add to a message about its path; may be empty. */
  readonly hint: string;
}

/** One table over all models: inputs by measures. */
const defaultTables = (models: readonly ModelEntry[]): TableLayout[] => [
  tableLayout.parse({
    ...{
      name: 'apop',
      caption: 'Prediction from activation patterns alone',
      heading: 'Input',
      marks: false,
      best: false,
    },
    subjects: models.length > 1 ? 'rows' : 'tables',
    columns: measures.map(({ name }) => ({ metric: name, scale: 100, digits: 1 })),
  }),
];

/** What a YAML file is a config of: `kind: apop`, or an experiment where it says nothing. */
export async function kindOfConfig(file: string): Promise<'apop' | 'experiment'> {
  const { value } = await readSource(file);
  return (value as { kind?: unknown } | null)?.kind === 'apop' ? 'apop' : 'experiment';
}

async function readSource(file: string): Promise<Source> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${file}: cannot read the config (${error.code}); give the path of a YAML file`);
  });
  return extended(parseSource(text, file));
}

/** Reads the config of an APOP experiment over several models. Throws `UserError` that names the file, the line and the column of what is wrong. */
export async function readApopConfig(file: string): Promise<ApopConfig> {
  const source = await readSource(file);
  const top: Place = { source, path: [] };
  const { expects } = check(schema, source.value, top);
  const written: Record<string, unknown> = { ...(source.value as object) };
  delete written.expects;
  const config = check(schema, expand(written, top, expects), top);
  const resolve = (path: string) => resolvePath(dirname(file), path);
  const models: ModelEntry[] = [];
  for (const [i, value] of config.models.entries()) {
    const hint = advice((written.models as unknown[])[i], expects);
    models.push(await readModelEntry(value, { source, path: ['models', i] }, resolve, hint));
  }
  checkNames(
    'models',
    models.map(({ name }, i) => ({ name, place: { source, path: ['models', i] } })),
  );
  const dataset = readEntry('datasets', config.dataset, { source, path: ['dataset'] }, await loadPlugins([]));
  const names = {
    models: models.map(({ name }) => name),
    datasets: [dataset.name],
    explainers: rowNames(config.references),
    attacks: ['none'],
    metrics: measures.map(({ name }) => name),
  };
  return {
    ...{ name: config.name, seed: config.seed, references: config.references, pooling: config.pooling },
    ...{ models, dataset, source, resolve, hint: advice(written.dataset, expects) },
    tables: config.tables ? readTables(config.tables, { source, path: ['tables'] }, names) : defaultTables(models),
  };
}
