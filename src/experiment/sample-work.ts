import { runAttack, type AttackResult, type Victim } from '../../attacks/index.ts';
import type { Sample } from '../data/dataset.ts';
import { SampleError } from '../data/dataset.ts';
import { UserError } from '../numeric/errors.ts';
import { createRng } from '../numeric/random.ts';
import { softmaxAt } from '../numeric/softmax.ts';
import { argMax, at, batchOf, type Tensor } from '../numeric/tensor.ts';
import type { AttackEntry, Config, ExplainerEntry } from './config.ts';
import { attackIdentity, identity } from './plan.ts';
import type { Programs } from './programs.ts';
import { noRecall, type Recall } from './recall.ts';
import type { Subject } from './subject.ts';

/** A picture's most probable class. */
export interface Prediction {
  readonly index: number;
  readonly probability: number;
  /** `[K]`. */
  readonly logits: Float32Array;
}

/** An attacked picture with what is predicted for it and, where the attack looked at another sample, that sample. */
export type Attacked = AttackResult & {
  readonly prediction: Prediction;
  readonly other?: Pick<Sample, 'id' | 'hash'>;
};

/** What the units of one sample share; each part is computed at its first use and kept while the sample is worked on. */
export interface SampleWork {
  readonly sample: Sample;
  prediction(): Promise<Prediction>;
  /** The explained class. */
  target(): Promise<number>;
  /** The attribution `[C,H,W]` of the clean picture. */
  clean(explainer: ExplainerEntry): Promise<Tensor>;
  /** The attacked picture; attacks that do not look at the explainer give the same one for all. */
  attacked(attack: AttackEntry, explainer: ExplainerEntry): Promise<Attacked>;
}

/** The class that the model gives to a picture `[3,H,W]`. */
export async function predictionOf(programs: Pick<Programs, 'predict'>, image: Tensor): Promise<Prediction> {
  return predictionFrom(at(await programs.predict(batchOf(image)), 0).data);
}

function predictionFrom(logits: Float32Array): Prediction {
  const index = argMax(logits);
  if (index < 0) throw new Error('the model gives logits that are not numbers');
  return { index, probability: softmaxAt(logits, index), logits };
}

function memo<T>(): (key: string, make: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, Promise<T>>();
  return (key, make) => {
    let value = kept.get(key);
    if (!value) kept.set(key, (value = make()));
    return value;
  };
}

/** Another readable sample of the dataset, drawn from (seed, key). */
async function drawOther({ dataset, entry }: Subject, index: number, seed: number, key: string): Promise<Sample> {
  const n = dataset.ids.length;
  if (n < 2)
    throw new UserError(
      `the dataset "${entry.name}" has one sample, but an attack steers to the explanation of another; give it two`,
    );
  const step = createRng(seed, key).integer(n - 1);
  for (let i = 0; i < n - 1; i++) {
    try {
      return await dataset.load((index + 1 + ((step + i) % (n - 1))) % n);
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
    }
  }
  throw new UserError(
    `no sample of the dataset "${entry.name}" but ${dataset.ids[index]} can be read, and an attack needs another`,
  );
}

/** Starts the work on a sample of a subject. Attacked pictures and clean maps are recalled where they are known. */
export function createSampleWork(
  config: Pick<Config, 'seed' | 'target'>,
  subject: Subject,
  programs: Programs,
  index: number,
  sample: Sample,
  recall: Recall = noRecall,
): SampleWork {
  const { model, entry } = subject;
  const { seed } = config;
  const prefix = [model.name, entry.name, sample.id].join('/');
  const predictions = memo<Prediction>();
  const maps = memo<Tensor>();
  const attacks = memo<Attacked>();
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

  /** What a recalled part is determined by, beside its kind and its own purpose. */
  const shared = async () => [seed, model.hash, sample.hash, await target()];
  // One target picture for all explainers, models and attacks, so that they are compared on one task.
  const drawn = () => drawOther(subject, index, seed, [entry.name, sample.id, 'other'].join('/'));

  async function attackNow(attack: AttackEntry, explainer: ExplainerEntry | undefined, key: string): Promise<Attacked> {
    let other: Sample | undefined;
    const victim: Victim = {
      image: sample.image,
      target: await target(),
      async other() {
        other = await drawn();
        return other.image;
      },
      rng: createRng(seed, key),
    };
    const [result] = await runAttack(programs.attack(attack, explainer), [victim], (images) =>
      programs.predict(images),
    );
    const prediction = predictionFrom(result.logits);
    return { ...result, prediction, other: other && { id: other.id, hash: other.hash } };
  }

  return {
    sample,
    prediction,
    target,
    clean: (explainer) =>
      maps(explainer.name, async () => {
        const key = `${prefix}/${explainer.name}/none/explain`;
        return recall(['clean', key, identity(explainer), ...(await shared())], async () =>
          at(await programs.explain(explainer)(batchOf(sample.image), await target(), createRng(seed, key)), 0),
        );
      }),
    attacked(attack, explainer) {
      const seen = attack.definition.kind === 'explanation' ? (attack.against ?? explainer) : undefined;
      const key = [prefix, attack.name, ...(seen ? [seen.name] : [])].join('/');
      const same = async ({ other }: Attacked) => !other || (await drawn()).hash === other.hash;
      return attacks(key, async () => {
        const parts = ['attack', key, attackIdentity(attack), seen ? identity(seen) : [], ...(await shared())];
        return recall(parts, () => attackNow(attack, seen, key), same);
      });
    },
  };
}
