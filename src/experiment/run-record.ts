import { createHash } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import { isMapMetric, type Config } from './config.ts';
import { packageVersion } from './package.ts';
import type { Plan } from './plan.ts';
import type { Subject } from './subject.ts';

/** A sample that could not be read. */
export interface Skipped {
  readonly dataset: string;
  readonly sample: string;
  readonly reason: string;
}

/** What happened in a run, beside its results. */
export interface RunFacts {
  readonly started: Date;
  readonly seconds: number;
  readonly computed: number;
  readonly reused: number;
  readonly rows: number;
  readonly skipped: readonly Skipped[];
  /** Hashes of the samples that were read, by model and dataset, in order. */
  readonly sampleHashes: ReadonlyMap<Subject, readonly string[]>;
}

const described = ({ name, definition, options, origin }: Config['attacks' | 'explainers' | 'metrics'][number]) => ({
  name,
  use: definition.name,
  options,
  plugin: origin,
});

/** The content of run.json: what is needed to tell, later, what exactly was run. */
export async function runRecord(config: Config, plan: Plan, engine: Engine, facts: RunFacts): Promise<object> {
  const { version } = await engine.describe();
  const { name, seed, target, heatmaps } = config;
  return {
    name,
    package: packageVersion,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    engine: { name: engine.name, version },
    config: {
      seed,
      target,
      heatmaps,
      explainers: config.explainers.map(described),
      attacks: config.attacks.map(described),
      metrics: config.metrics.map((metric) => ({
        ...described(metric),
        heatmap: metric.heatmap,
        ...(isMapMetric(metric) ? { on: metric.on } : {}),
      })),
    },
    subjects: [...facts.sampleHashes].map(([{ model, entry }, hashes]) => ({
      model: { name: model.name, hash: model.hash, classes: model.classes, size: model.size, notes: model.notes },
      dataset: { name: entry.name, kind: entry.definition.name, options: entry.options, plugin: entry.origin },
      samples: hashes.length,
      samplesHash: createHash('sha256').update(hashes.join('\n')).digest('hex'),
    })),
    units: { planned: plan.units.length, computed: facts.computed, reused: facts.reused },
    leftOut: plan.leftOut.map(({ attack, explainer }) => ({ attack: attack.name, explainer: explainer.name })),
    skipped: facts.skipped,
    rows: facts.rows,
    started: facts.started.toISOString(),
    seconds: facts.seconds,
  };
}
