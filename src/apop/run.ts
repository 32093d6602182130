import type { ApopRow } from '../../reports/apop/row.ts';
import { SampleError, type Dataset, type Sample } from '../data/dataset.ts';
import type { Engine } from '../engine/engine.ts';
import { input } from '../graph/index.ts';
import type { Model } from '../model/model.ts';
import { UserError } from '../numeric/errors.ts';
import { argMax, at, stack, type Tensor } from '../numeric/tensor.ts';
import { patternLogits, type Pooling } from './pattern.ts';
import { meanImage, noiseImage, plainImage, type ReferenceName } from './references.ts';

const chunk = 16;

/** How the APOP experiment is run. */
export interface ApopOptions {
  readonly references: readonly ReferenceName[];
  readonly pooling: Pooling;
  /** Of the noise. */
  readonly seed: number;
  /** Ends the run early. */
  readonly signal?: AbortSignal;
  onProgress?(progress: { done: number; total: number; unit: string }): void;
}

/** What the APOP experiment found. */
export interface ApopResult {
  /** In the order of the dataset, for each sample the picture itself and then the references. */
  readonly rows: readonly ApopRow[];
  readonly skipped: readonly { readonly sample: string; readonly reason: string }[];
  /** False where the signal ended it; the rows are those of the samples done. */
  readonly finished: boolean;
}

/** The place of a class among logits `[K]`, from 1; of equals the one with the lower index is first, as for the predicted class. */
export const rankOf = (logits: Float32Array, label: number): number =>
  logits.reduce((rank, v, k) => rank + (v > logits[label] || (v === logits[label] && k < label) ? 1 : 0), 1);

/**
 * Predicts the samples of a dataset twice: by the model, and by references under the model's activation patterns. One program does
 * both. Throws UserError for a sample without a label or with one that the model does not have.
 */
export async function runApop(
  model: Model,
  dataset: Dataset,
  engine: Engine,
  { references, pooling, seed, signal, onProgress }: ApopOptions,
): Promise<ApopResult> {
  const nodes = references.map((name) => [name, input(`reference/${name}`, model.pixels.shape)] as const);
  const program = engine.compile({
    picture: model.logits,
    ...Object.fromEntries(nodes.map(([name, node]) => [name, patternLogits(model, node, pooling)])),
  });
  const total = dataset.ids.length * (references.includes('mean') ? 2 : 1);
  let done = 0;
  const step = (unit: string) => {
    onProgress?.({ done: ++done, total, unit });
    return !signal?.aborted;
  };
  const mean = references.includes('mean') ? await meanImage(dataset, model.size, step) : undefined;
  const fixed: Record<Exclude<ReferenceName, 'noise'>, Tensor | undefined> = {
    black: plainImage(0, model.size),
    white: plainImage(1, model.size),
    mean,
  };
  const referenceOf = (name: ReferenceName, sample: Sample): Tensor =>
    name === 'noise' ? noiseImage(seed, sample.id, model.size) : fixed[name]!;

  async function predict(samples: readonly Sample[]): Promise<ApopRow[]> {
    const logits = await program.run({
      pixels: stack(samples.map((s) => s.image)),
      ...Object.fromEntries(
        references.map((name) => [`reference/${name}`, stack(samples.map((s) => referenceOf(name, s)))]),
      ),
    });
    return samples.flatMap(({ id, label }, i) => {
      const own = argMax(at(logits.picture, i).data);
      return (['picture', ...references] as const).map((reference): ApopRow => {
        const values = at(logits[reference], i).data;
        const prediction = argMax(values);
        if (prediction < 0)
          throw new UserError(`sample ${id}: the model's logits for the input "${reference}" are not numbers`);
        const rank = rankOf(values, label!);
        return { sample: id, label: label!, reference, prediction, rank, agrees: prediction === own ? 1 : 0 };
      });
    });
  }

  const rows: ApopRow[] = [];
  const skipped: { sample: string; reason: string }[] = [];
  let waiting: Sample[] = [];
  for (const [index, id] of dataset.ids.entries()) {
    if (signal?.aborted) break;
    try {
      const sample = await dataset.load(index);
      checkLabel(sample, model);
      waiting.push(sample);
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      skipped.push({ sample: id, reason: error.message });
    }
    if (waiting.length === chunk || index === dataset.ids.length - 1) {
      if (waiting.length > 0) rows.push(...(await predict(waiting)));
      waiting = [];
    }
    step(id);
  }
  await program.release();
  return { rows, skipped, finished: !signal?.aborted };
}

function checkLabel({ id, label }: Sample, { name, classes }: Model): void {
  if (label === undefined)
    throw new UserError(`sample ${id} has no label; accuracy needs one, give a labels.csv with the columns file,label`);
  if (label >= classes)
    throw new UserError(`sample ${id} has label ${label}, but the model "${name}" has ${classes} classes`);
}
