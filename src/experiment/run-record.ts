import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { stringify } from 'yaml';
import type { RunRecord } from '../../reports/index.ts';
import type { Engine } from '../engine/engine.ts';
import { attackBatchOf } from './attack-batch.ts';
import { isMapMetric, type Config } from './config.ts';
import { packageVersion } from './package.ts';
import type { Plan } from './plan.ts';
import type { Share } from './share.ts';
import type { Subject } from './subject.ts';
import type { Work } from './work.ts';

/** What run.json says of the run beside its units. */
export interface RunFacts {
  readonly started: Date;
  readonly share: Share;
  /** Folder of the results. */
  readonly out: string;
  /** The name by which the engine was asked for. */
  readonly asked?: string;
  readonly seconds: number;
  readonly rows: number;
}

const entryOf = ({ name, definition, options, origin }: Config['attacks' | 'explainers' | 'metrics'][number]) => ({
  name,
  use: definition.name,
  options,
  plugin: origin,
});

/** The program and the machine, as run.json tells them. */
export async function environment(
  engine: Engine,
  threads: number,
): Promise<Pick<RunRecord, 'package' | 'node' | 'platform' | 'engine'>> {
  const { version } = await engine.describe();
  return {
    package: packageVersion,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    engine: { name: engine.name, device: engine.device, version, threads },
  };
}

/** What computes a part of the run again: the config with what it extends, its file as seen from the results' folder. */
const settingOf = ({ recipe, source }: Config, { out, asked }: RunFacts): RunRecord['setting'] => ({
  recipe: { ...recipe, text: stringify(source.value), file: relative(out, recipe.file) },
  engine: asked,
});

/** How many samples of a subject have units and could be read; those that attacks steer to need not be among them. */
function measuredSamples({ units }: Plan, subject: Subject, skipped: Work['skipped']): number {
  const ids = new Set(units.filter((unit) => unit.subject === subject).map(({ index }) => subject.dataset.ids[index]));
  for (const { dataset, sample } of skipped) if (dataset === subject.entry.name) ids.delete(sample);
  return ids.size;
}

/** The content of run.json: what is needed to tell, later, what exactly was run. */
export async function runRecord(
  config: Config,
  plan: Plan,
  engine: Engine,
  { computed, reused, skipped, setAside, hashes, seconds: spent }: Work,
  facts: RunFacts,
): Promise<RunRecord> {
  const { started, share, seconds, rows } = facts;
  const { engine: described, ...program } = await environment(engine, share.threads);
  const { name, seed, target, heatmaps, tables } = config;
  return {
    name,
    ...program,
    engine: { ...described, workers: share.workers },
    setting: settingOf(config, facts),
    config: {
      seed,
      target,
      attackBatch: attackBatchOf(config, engine),
      heatmaps,
      tables,
      explainers: config.explainers.map(entryOf),
      attacks: config.attacks.map((attack) => ({
        ...entryOf(attack),
        against: attack.against?.name,
        surrogates: attack.surrogates?.map(({ name }) => name),
      })),
      metrics: config.metrics.map((metric) => ({
        ...entryOf(metric),
        title: metric.definition.title,
        better: metric.definition.better,
        heatmap: metric.heatmap,
        ...(isMapMetric(metric) ? { on: metric.on } : {}),
      })),
    },
    subjects: [...hashes].map(([subject, known]) => {
      const { model, entry } = subject;
      return {
        model: { name: model.name, hash: model.hash, classes: model.classes, size: model.size, notes: model.notes },
        dataset: { name: entry.name, kind: entry.definition.name, options: entry.options, plugin: entry.origin },
        samples: measuredSamples(plan, subject, skipped),
        samplesHash: createHash('sha256').update(known.list().join('\n')).digest('hex'),
      };
    }),
    units: { planned: plan.units.length, computed, reused },
    leftOut: plan.leftOut.map(({ attack, explainer }) => ({ attack: attack.name, explainer: explainer.name })),
    skipped,
    setAside,
    rows,
    started: started.toISOString(),
    seconds,
    secondsByUnitKind: Object.fromEntries([...spent].map(([kind, n]) => [kind, Number(n.toFixed(3))])),
  };
}
