import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApopRow } from '../../reports/apop/index.ts';
import { writeWhole } from '../../reports/write.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Engine } from '../engine/engine.ts';
import { placed } from '../experiment/config/models.ts';
import { acquireLock } from '../experiment/lock.ts';
import { packageVersion } from '../experiment/package.ts';
import { storeFile } from '../experiment/store.ts';
import { loadModel, type Model } from '../model/model.ts';
import { UserError } from '../numeric/errors.ts';
import type { ApopConfig } from './config.ts';
import { measures } from './measures.ts';
import { writeApopResults, type ApopRun } from './results.ts';
import { runApop, type ApopOptions, type ApopResult } from './run.ts';

/** Where and how an APOP experiment is run; aborting `signal` ends it after the pictures at work, and keeps the nets that are finished. */
export interface ApopExperimentOptions extends Pick<ApopOptions, 'signal' | 'onProgress'> {
  readonly out: string;
  readonly engine: Engine;
  /** Forget what an earlier run left in the folder. */
  readonly fresh?: boolean;
}

export interface ApopExperiment {
  readonly finished: boolean;
  /** Nets whose rows an earlier run had left. */
  readonly reused: number;
  readonly files: readonly string[];
}

type Kept = Pick<ApopResult, 'rows' | 'skipped'> & { readonly key: string };

/** Opens the dataset at the size that a model wants. Throws `UserError` where it is not there, empty or without labels. */
export async function openDataset({ dataset, source, resolve, hint }: ApopConfig, { size }: Model): Promise<Dataset> {
  const place = source.at(['dataset']);
  const open = () => dataset.definition.open(dataset.options, { size, resolve });
  const found = await placed(place, open, hint);
  if (found.ids.length === 0)
    throw new UserError(`${place}: the dataset "${dataset.name}" has no samples; see its path, labels and list`);
  if (!found.provides.includes('label'))
    throw new UserError(`${place}: the dataset "${dataset.name}" has no labels, which accuracy needs`);
  return found;
}

/** Runs an APOP experiment net by net; each finished net is on disk before the next begins, and is not computed again. */
export async function runApopExperiment(config: ApopConfig, options: ApopExperimentOptions): Promise<ApopExperiment> {
  const { out, engine, fresh = false, signal } = options;
  const { name, seed, references, pooling, dataset, source, tables } = config;
  const started = Date.now();
  const unlock = await acquireLock(join(out, 'lock'));
  try {
    if (existsSync(storeFile(out)))
      throw new UserError(`${out}: holds the results of an experiment; choose another folder with --out`);
    const runs: ApopRun[] = [];
    const subjects: object[] = [];
    const skipped: object[] = [];
    let reused = 0;
    if (fresh) await rm(join(out, 'nets'), { recursive: true, force: true });
    for (const [i, entry] of config.models.entries()) {
      const model = await placed(source.at(['models', i]), () => loadModel(entry));
      const data = await openDataset(config, model);
      const chosen = [packageVersion, model.hash, dataset.definition.name, dataset.options, data.ids];
      const key = createHash('sha256')
        .update(JSON.stringify([...chosen, seed, references, pooling]))
        .digest('hex');
      const file = join(out, 'nets', `${entry.name}.json`);
      const before = await keptRows(file);
      let kept = before?.key === key ? before : undefined;
      if (kept) reused++;
      else {
        const { onProgress } = options;
        const result = await runApop(model, data, engine, { references, pooling, seed, signal, onProgress });
        if (!result.finished) return { finished: false, reused, files: [] };
        if (result.rows.length === 0)
          throw new UserError(`${source.at(['dataset'])}: none of its pictures can be read`);
        kept = { key, rows: result.rows, skipped: result.skipped };
        await writeWhole(file, JSON.stringify(kept));
      }
      runs.push({ model: entry.name, classes: model.classes, rows: kept.rows });
      skipped.push(...kept.skipped.map((one) => ({ model: entry.name, ...one })));
      const { hash, classes, size, notes } = model;
      const samples = new Set(kept.rows.map(({ sample }) => sample)).size;
      subjects.push({
        model: { name: entry.name, hash, classes, size, notes },
        dataset: { name: dataset.name, kind: dataset.definition.name, options: dataset.options },
        samples,
      });
    }
    const files = await writeApopResults(config, runs, out);
    const { version } = await engine.describe();
    const record = {
      ...{ name, package: packageVersion, node: process.version, platform: `${process.platform}-${process.arch}` },
      engine: { name: engine.name, version },
      config: { kind: 'apop', seed, references, pooling, metrics: measures, tables },
      ...{ subjects, skipped, seconds: (Date.now() - started) / 1000 },
    };
    await writeWhole(join(out, 'run.json'), `${JSON.stringify(record, null, 2)}\n`);
    return { finished: true, reused, files: [...files, 'run.json'] };
  } finally {
    await unlock();
  }
}

async function keptRows(file: string): Promise<(Kept & { rows: readonly ApopRow[] }) | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Kept);
}
