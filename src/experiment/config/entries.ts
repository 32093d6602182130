import { z } from 'zod';
import type { Attack } from '../../../attacks/index.ts';
import type { MapMetric, SimilarityMetric } from '../../../metrics/metric.ts';
import type { DatasetDefinition } from '../../data/dataset.ts';
import { isWhiteBox, type Explainer } from '../../explainers/index.ts';
import { UserError } from '../../numeric/errors.ts';
import type { HeatmapStep } from '../../numeric/heatmap.ts';
import { singular, type Definitions, type Kind } from '../definitions.ts';
import type { Known } from '../plugins.ts';
import { check, type Place } from './check.ts';
import { entryName } from './schema.ts';
import { didYouMean } from './suggest.ts';

/** A definition under the name that results give it, with all its options. */
export interface Entry<D> {
  readonly name: string;
  readonly definition: D;
  readonly options: unknown;
  /** SHA-256 of the plug-in that the definition comes from. */
  readonly origin?: string;
  /** The explainer that this one is applied to. */
  readonly wrapped?: Entry<Explainer>;
}

/** On which pictures a metric of one map is scored. */
export type On = 'clean' | 'attacked';

export interface MapMetricEntry extends Entry<MapMetric> {
  readonly heatmap: HeatmapStep;
  readonly on: readonly On[];
}

export interface SimilarityEntry extends Entry<SimilarityMetric> {
  readonly heatmap: HeatmapStep;
}

export type MetricEntry = MapMetricEntry | SimilarityEntry;
export type ExplainerEntry = Entry<Explainer>;
export type AttackEntry = Entry<Attack> & {
  /** The explainer that is attacked, whichever is scored; by default the one that is scored. */
  readonly against?: ExplainerEntry;
  /** Other explainers whose gradients the attack uses. */
  readonly surrogates?: readonly ExplainerEntry[];
};
export type DatasetEntry = Entry<DatasetDefinition> & {
  /** The options as the config writes them, before variables are replaced. */
  readonly written: unknown;
};

export const isMapMetric = (entry: MetricEntry): entry is MapMetricEntry => entry.definition.kind === 'map';

/** The key that names the definition. */
const chooserOf = (kind: Kind) => (kind === 'datasets' ? 'kind' : 'use');

const naming = {
  use: z.looseObject(
    { use: z.string(), as: entryName.optional() },
    { error: 'expected a name or { use: name, ...options }' },
  ),
  kind: z
    .looseObject(
      { kind: z.string(), as: entryName.optional() },
      { error: 'expected a name or { kind: name, ...options }' },
    )
    .transform(({ kind, ...rest }) => ({ use: kind, ...rest })),
};

/** Reads `name` or `{ use, as?, ...options }`; a dataset has `kind` in place of `use`. `own` are keys beside the options, which the caller reads. */
export function readEntry<K extends Kind>(
  kind: K,
  value: unknown,
  place: Place,
  known: Known,
  own: readonly string[] = [],
): Entry<Definitions[K][number]> & { readonly rest: Readonly<Record<string, unknown>> } {
  const chooser = chooserOf(kind);
  const entry = typeof value === 'string' ? { [chooser]: value } : value;
  const { use, as: name = use, ...rest } = check<{ use: string; as?: string }>(naming[chooser], entry, place);
  const { definitions, origins } = known;
  const candidates = definitions[kind] as readonly Definitions[K][number][];
  const definition = candidates.find((candidate) => candidate.name === use);
  if (!definition) {
    const names = candidates.map((candidate) => candidate.name);
    const where = place.source.at(typeof value === 'string' ? place.path : [...place.path, chooser]);
    const hint = didYouMean(use, names) || ` (there are: ${names.join(', ')})`;
    throw new UserError(`${where}: no ${singular[kind]} "${use}"${hint}`);
  }
  const options = Object.fromEntries(Object.entries(rest).filter(([key]) => !own.includes(key)));
  const checked = check(definition.options as z.ZodType, options, place, [chooser, 'as', ...own]);
  const wraps = 'wraps' in definition ? definition.wraps : undefined;
  const wrapped = wraps === undefined ? {} : { wrapped: readWrapped(checked, wraps, name, place, known) };
  return { name, definition, options: checked, origin: origins.get(definition), rest, ...wrapped };
}

/** Reads the explainer that another one is applied to, from the option that names it. */
function readWrapped(options: unknown, key: string, name: string, place: Place, known: Known): Entry<Explainer> {
  const under: Place = { source: place.source, path: [...place.path, key] };
  const entry = readEntry('explainers', (options as Record<string, unknown>)[key], under, known);
  if (!isWhiteBox(entry.definition))
    throw new UserError(
      `${under.source.at(under.path)}: ${name} needs an explainer that is a graph, and ${entry.name} is a black box`,
    );
  return entry;
}

/** Throws `UserError` at the second of two entries with one name. */
export function checkNames(kind: string, entries: readonly { readonly name: string; readonly place: Place }[]): void {
  const seen = new Set<string>();
  for (const { name, place } of entries) {
    if (seen.has(name))
      throw new UserError(
        `${place.source.at(place.path)}: two ${kind} are called "${name}"; give one another name, as in { ..., ${kind === 'models' ? 'name' : 'as'}: ${name}-2 }`,
      );
    seen.add(name);
  }
}
