import { z } from 'zod';
import type { Attack } from '../../../attacks/index.ts';
import type { MapMetric, Metric, SimilarityMetric } from '../../../metrics/metric.ts';
import type { DatasetDefinition } from '../../data/dataset.ts';
import { isWhiteBox, type Explainer } from '../../explainers/index.ts';
import { UserError } from '../../numeric/errors.ts';
import { heatmapStep, type HeatmapStep } from '../../numeric/heatmap.ts';
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
const on = z.array(z.enum(['clean', 'attacked'])).min(1);

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

const names = z.array(z.string(), { error: 'expected a list of explainers' }).min(1);

/**
 * Reads an attack. One `against: [names]` of explainers becomes an attack for each, called `attack@explainer`, whose pictures are scored
 * on all explainers. `surrogates: [names]` are the explainers whose gradients an attack uses that can.
 */
export function readAttack(
  value: unknown,
  place: Place,
  known: Known,
  explainers: readonly ExplainerEntry[],
): AttackEntry[] {
  const { rest, ...entry } = readEntry('attacks', value, place, known, ['against', 'surrogates']);
  if (entry.name === 'none')
    throw new UserError(
      `${place.source.at(place.path)}: "none" stands for the clean picture; give the attack another name`,
    );
  const fail = (key: string, message: string) => new UserError(`${place.source.atKey(place.path, key)}: ${message}`);
  /** The explainers of the config that a key names. */
  const named = (key: 'against' | 'surrogates') =>
    check(names, rest[key], { source: place.source, path: [...place.path, key] }).map((name) => {
      const found = explainers.find((explainer) => explainer.name === name);
      if (!found) {
        const own = explainers.map((explainer) => explainer.name);
        const hint = didYouMean(name, own) || ` (there are: ${own.join(', ')})`;
        throw fail(key, `no explainer of this config is called "${name}"${hint}`);
      }
      if (!isWhiteBox(found.definition)) throw fail(key, `${name} is a black box and has no gradient to follow`);
      return found;
    });
  if ('surrogates' in rest && !entry.definition.surrogates)
    throw fail('surrogates', `${entry.name} does not use the gradients of others; leave it out`);
  const attack = 'surrogates' in rest ? { ...entry, surrogates: named('surrogates') } : entry;
  if (!('against' in rest)) return [attack];
  if (entry.definition.kind !== 'explanation')
    throw fail('against', `${entry.name} does not look at explainers; leave it out`);
  return named('against').map((against) => ({ ...attack, name: `${entry.name}@${against.name}`, against }));
}

/** Reads a metric, with the heatmap step that it sees and, for one of a single map, on which pictures it is scored. */
export function readMetric(value: unknown, place: Place, known: Known): MetricEntry {
  const { rest, ...entry } = readEntry('metrics', value, place, known, ['heatmap', 'on']);
  const definition: Metric = entry.definition;
  const under = (key: string): Place => ({ source: place.source, path: [...place.path, key] });
  const given = check(z.record(z.string(), z.unknown()).default({}), rest.heatmap, under('heatmap'));
  const heatmap = check(heatmapStep, { ...definition.heatmap, ...given }, under('heatmap'));
  if (definition.kind === 'map') {
    const scored = check(on.default(['clean', 'attacked']), rest.on, under('on'));
    return { ...entry, definition, heatmap, on: scored };
  }
  if ('on' in rest)
    throw new UserError(
      `${place.source.atKey(place.path, 'on')}: "on" is for metrics of one map; ${entry.name} compares the maps before and after an attack`,
    );
  return { ...entry, definition, heatmap };
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
