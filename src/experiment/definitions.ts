import { attacks, type Attack } from '../../attacks/index.ts';
import { metrics } from '../../metrics/index.ts';
import type { Metric } from '../../metrics/metric.ts';
import type { DatasetDefinition } from '../data/dataset.ts';
import { datasets } from '../data/index.ts';
import { explainers, type Explainer } from '../explainers/index.ts';

/** All that a config may name. */
export interface Definitions {
  readonly explainers: readonly Explainer[];
  readonly attacks: readonly Attack[];
  readonly metrics: readonly Metric[];
  readonly datasets: readonly DatasetDefinition[];
}

/** A kind of definition. */
export type Kind = keyof Definitions;

/** Any definition: a name and a schema of options are common to all kinds. */
export type Definition = Definitions[Kind][number];

/** The definitions that come with the package. */
export const builtIn: Definitions = { explainers, attacks, metrics, datasets };

/** One of a kind, in words. */
export const singular: Readonly<Record<Kind, string>> = {
  explainers: 'explainer',
  attacks: 'attack',
  metrics: 'metric',
  datasets: 'kind of dataset',
};

const functions: readonly (readonly [name: string, kind: Kind])[] = [
  ['attribution', 'explainers'],
  ['explain', 'explainers'],
  ['prepare', 'attacks'],
  ['score', 'metrics'],
  ['open', 'datasets'],
];

/** The kind of a definition, told by its one function; undefined for any other value. */
export function kindOf(value: unknown): Kind | undefined {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('options' in value)) return undefined;
  return functions.find(([name]) => typeof (value as Record<string, unknown>)[name] === 'function')?.[1];
}
