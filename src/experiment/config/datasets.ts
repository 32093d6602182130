import { UserError } from '../../numeric/errors.ts';
import type { Known } from '../plugins.ts';
import { valueAt, type Place } from './check.ts';
import { checkNames, readEntry, type DatasetEntry } from './entries.ts';
import { omit } from './omit.ts';
import type { Path, Source } from './source.ts';

/** Where the datasets of a config stand: one under `dataset`, or several under `datasets`. */
export const datasetPath = (source: Source, index: number): Path =>
  'datasets' in (source.value as object) ? ['datasets', index] : ['dataset'];

/** Reads the datasets of a config; `written` is the config before variables are replaced. */
export function readDatasets(
  { dataset, datasets }: { dataset?: unknown; datasets?: unknown[] },
  written: unknown,
  source: Source,
  known: Known,
): DatasetEntry[] {
  if ((dataset === undefined) === (datasets === undefined))
    throw new UserError(`${source.at(['datasets'])}: give either "dataset" or a list "datasets"`);
  const entries = (datasets ?? [dataset]).map((value, i) => {
    const place: Place = { source, path: datasetPath(source, i) };
    const entry = omit(readEntry('datasets', value, place, known), 'rest');
    return { ...entry, written: valueAt(written, place.path), place };
  });
  checkNames('datasets', entries);
  return entries.map((entry) => omit(entry, 'place'));
}
