import type { Sample } from '../data/dataset.ts';
import { UserError } from '../numeric/errors.ts';
import { createRng } from '../numeric/random.ts';
import { softmaxAt } from '../numeric/softmax.ts';
import { argMax, at, batchOf, type Tensor } from '../numeric/tensor.ts';
import type { Config, ExplainerEntry } from './config.ts';
import { memo } from './memo.ts';
import { identity } from './plan.ts';
import type { Programs } from './programs.ts';
import type { Recall } from './recall.ts';
import { loadOrSkip } from './samples.ts';
import type { Subject } from './subject.ts';

/** A picture's most probable class. */
export interface Prediction {
  readonly index: number;
  readonly probability: number;
  /** `[K]`. */
  readonly logits: Float32Array;
}

/** What the units of one sample share before any attack; each part is computed at its first use and kept while the sample is worked on. */
export interface SampleWork {
  readonly sample: Sample;
  /** `model/dataset/sample`. */
  readonly name: string;
  prediction(): Promise<Prediction>;
  /** The explained class. */
  target(): Promise<number>;
  /** The attribution `[C,H,W]` of the clean picture. */
  clean(explainer: ExplainerEntry): Promise<Tensor>;
  /** Another sample of the dataset, drawn from the seed: the same for all explainers, models and attacks, so that they are compared on one task. */
  other(): Promise<Sample>;
}

/** The class that the model gives to a picture `[3,H,W]`. */
export async function predictionOf(programs: Pick<Programs, 'predict'>, image: Tensor): Promise<Prediction> {
  return predictionFrom(at(await programs.predict(batchOf(image)), 0).data);
}

/** The class that logits `[K]` say. Throws `UserError` where they are not numbers. */
export function predictionFrom(logits: Float32Array): Prediction {
  const index = argMax(logits);
  if (index < 0)
    throw new UserError(
      'the model gives logits that are not numbers: its weights, or the picture, hold NaN or infinities',
    );
  return { index, probability: softmaxAt(logits, index), logits };
}

/** Another readable sample of the dataset, drawn from (seed, key). */
async function drawOther(subject: Subject, index: number, seed: number, key: string): Promise<Sample> {
  const { dataset, entry } = subject;
  const n = dataset.ids.length;
  if (n < 2)
    throw new UserError(
      `the dataset "${entry.name}" has one sample, but an attack steers to the explanation of another; give it two`,
    );
  const step = createRng(seed, key).integer(n - 1);
  for (let i = 0; i < n - 1; i++) {
    const found = await loadOrSkip(subject, (index + 1 + ((step + i) % (n - 1))) % n);
    if (!('reason' in found)) return found;
  }
  throw new UserError(
    `no sample of the dataset "${entry.name}" but ${dataset.ids[index]} can be read, and an attack needs another`,
  );
}

/** Starts the work on a sample of a subject. Clean maps are recalled where they are known. */
export function createSampleWork(
  config: Pick<Config, 'seed' | 'target'>,
  subject: Subject,
  programs: Programs,
  index: number,
  sample: Sample,
  recall: Recall,
): SampleWork {
  const { model, entry } = subject;
  const { seed } = config;
  const name = [model.name, entry.name, sample.id].join('/');
  const predictions = memo<Prediction>();
  const maps = memo<Tensor>();
  const prediction = () => predictions('clean', () => predictionOf(programs, sample.image));

  async function target(): Promise<number> {
    if (config.target === 'predicted') return (await prediction()).index;
    const label = sample.label!;
    if (label >= model.classes)
      throw new UserError(
        `sample ${sample.id} has label ${label}, but the model "${model.name}" has ${model.classes} classes`,
      );
    return label;
  }

  return {
    sample,
    name,
    prediction,
    target,
    clean: (explainer) =>
      maps(explainer.name, async () => {
        const key = `${name}/${explainer.name}/none/explain`;
        const parts = ['clean', key, identity(explainer), seed, model.hash, sample.hash, await target()];
        return recall(parts, async () =>
          at(await programs.explain(explainer)(batchOf(sample.image), await target(), createRng(seed, key)), 0),
        );
      }),
    other: () => drawOther(subject, index, seed, [entry.name, sample.id, 'other'].join('/')),
  };
}
