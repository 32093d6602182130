import { createHash } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import { isWhiteBox } from '../explainers/index.ts';
import { attackBatchOf, inBatches } from './attack-batch.ts';
import {
  isMapMetric,
  type AttackEntry,
  type Config,
  type Entry,
  type ExplainerEntry,
  type MetricEntry,
} from './config.ts';
import { packageVersion } from './package.ts';
import type { Subject } from './subject.ts';

/** The work of one (model, dataset, sample, explainer, attack or none). */
export interface Unit {
  /** SHA-256 of everything that determines its map but the sample's content, whose hash is kept with the result. Metrics have keys of their own. */
  readonly key: string;
  /** In words; generators of random numbers are derived from it. */
  readonly description: string;
  readonly subject: Subject;
  /** Index of the sample in its dataset. */
  readonly index: number;
  /** Indices of the samples that it is attacked together with, its own among them; one array for all of them. */
  readonly batch: readonly number[];
  readonly explainer: ExplainerEntry;
  /** Absent for the clean picture. */
  readonly attack?: AttackEntry;
}

/** All units of an experiment, in the order of its results: model, dataset, sample, attack (none first), explainer. */
export interface Plan {
  readonly units: readonly Unit[];
  /** Attacks on explanations with explainers that have no gradient. */
  readonly leftOut: readonly { readonly attack: AttackEntry; readonly explainer: ExplainerEntry }[];
}

/** Whether an attack can be run against an explainer: one on explanations needs an explainer that is a graph. */
const canAttack = ({ definition, against }: AttackEntry, explainer: ExplainerEntry): boolean =>
  definition.kind !== 'explanation' || isWhiteBox((against ?? explainer).definition);

/** The metrics that give rows for a unit. */
export const metricsOf = (
  { metrics }: Pick<Config, 'metrics'>,
  { attack }: Pick<Unit, 'attack'>,
): readonly MetricEntry[] =>
  metrics.filter((metric) => (isMapMetric(metric) ? metric.on.includes(attack ? 'attacked' : 'clean') : attack));

type EngineIdentity = Pick<Engine, 'name' | 'device'>;

/** Is not part of a unit's key. */
const defaultEngine: EngineIdentity = { name: 'onnxruntime', device: 'cpu' };

/** What tells a chosen definition from any other. */
export const identity = <D extends { readonly name: string }>(entry: Entry<D>): unknown[] => {
  const { name, definition, options, origin, wrapped } = entry;
  return [name, definition.name, options, origin, ...(wrapped ? [identity(wrapped)] : [])];
};

/** Likewise, of an attack. */
export const attackIdentity = (attack: AttackEntry): unknown[] => [
  ...identity(attack),
  ...(attack.against ? [identity(attack.against)] : []),
  ...(attack.surrogates ? [{ surrogates: attack.surrogates.map(identity) }] : []),
];

/** The part of a plan that is about the first samples of each dataset. */
export const firstSamples = (plan: Plan, count: number): Plan => ({
  ...plan,
  units: plan.units.filter(({ index }) => index < count),
});

/** Lists the units of an experiment. */
export function makePlan(config: Config, subjects: readonly Subject[], engine: EngineIdentity = defaultEngine): Plan {
  const pairs = [undefined, ...config.attacks].flatMap((attack) =>
    config.explainers.map((explainer) => ({ attack, explainer })),
  );
  const possible = pairs.filter(({ attack, explainer }) => !attack || canAttack(attack, explainer));
  const fixed = possible.map(({ attack, explainer }) =>
    JSON.stringify([identity(explainer), attack && attackIdentity(attack)]),
  );
  const other =
    engine.name === defaultEngine.name && engine.device === defaultEngine.device ? [] : [engine.name, engine.device];
  const attackBatch = attackBatchOf(config, engine);
  const units = subjects.flatMap((subject) => {
    const { model, dataset, entry } = subject;
    const shared = [
      packageVersion,
      config.seed,
      config.target,
      model.name,
      model.hash,
      entry.name,
      entry.origin,
      ...other,
    ];
    return inBatches(dataset.ids.length, attackBatch).flatMap((batch) => {
      const together = batch.length > 1 ? [batch.map((index) => dataset.ids[index])] : [];
      // What a clean unit takes from its dataset is in the sample's hash; an attack may draw another sample out of all.
      const attacked = JSON.stringify([...shared, entry.written, ...together]);
      const prefixes = { clean: JSON.stringify(shared), attacked };
      return batch.flatMap((index) =>
        possible.map(({ attack, explainer }, i): Unit => {
          const id = dataset.ids[index];
          const key = createHash('sha256')
            .update(`${prefixes[attack ? 'attacked' : 'clean']}\n${JSON.stringify(id)}\n${fixed[i]}`)
            .digest('hex');
          const description = [model.name, entry.name, id, explainer.name, attack?.name ?? 'none'].join('/');
          return { key, description, subject, index, batch, explainer, attack };
        }),
      );
    });
  });
  const leftOut = pairs.flatMap(({ attack, explainer }) =>
    attack && !canAttack(attack, explainer) ? [{ attack, explainer }] : [],
  );
  return { units, leftOut };
}
