import type { z } from 'zod';
import type { Engine } from '../src/engine/engine.ts';
import type { Node } from '../src/graph/index.ts';
import type { Model } from '../src/model/model.ts';
import type { Rng } from '../src/numeric/random.ts';
import { argMax, at, stack, type Tensor } from '../src/numeric/tensor.ts';

/** What an attack knows before it sees a picture; from it, it compiles its programs once. */
export interface AttackSetup<O> {
  readonly engine: Engine;
  readonly model: Model;
  /** The attacked explainer's attribution on the model or on a changed copy of it; absent where it is a black box. */
  readonly attribution?: (model: Model, target: Node) => Node;
  /** Attributions of other explainers, whose gradients the attack may use; only for an attack that declares `surrogates`. */
  readonly surrogates?: readonly ((model: Model, target: Node) => Node)[];
  readonly options: O;
}

/** One picture to attack. */
export interface Victim {
  /** `[3,H,W]` in [0,1]. */
  readonly image: Tensor;
  /** The explained class: the one predicted for the clean picture, or its label where the config says so. */
  readonly target: number;
  /** Another picture of the dataset, seeded, for attacks that want its explanation. */
  other(): Promise<Tensor>;
  readonly rng: Rng;
  readonly signal?: AbortSignal;
}

/** What an attack makes of a picture. */
export interface Perturbed {
  /** `[3,H,W]`. */
  readonly image: Tensor;
  /** The attacker's own loss at each step; each attack says whether it is raised or lowered. */
  readonly losses?: readonly number[];
  /** The explanation that a targeted attack steers to, `[1,H,W]`. */
  readonly targetMap?: Tensor;
  /** The class that the attack steered to: it succeeds where that class is predicted. */
  readonly goal?: number;
  /** Forward passes spent on the picture. */
  readonly queries?: number;
  /** Gradients spent on the picture. */
  readonly gradients?: number;
}

/** A prepared attack: perturbs pictures, each as if it were alone. */
export type PreparedAttack = (victims: readonly Victim[]) => Promise<readonly Perturbed[]>;

/** An attack on the prediction or the explanation, or a benign change to compare with. */
export interface Attack<O = unknown> {
  readonly name: string;
  readonly title: string;
  readonly paper: string;
  /** Attacks on the prediction do not look at the explainer; benign changes look at nothing. */
  readonly kind: 'prediction' | 'explanation' | 'benign';
  /** Whether a config may give it `surrogates`. */
  readonly surrogates?: boolean;
  readonly options: z.ZodType<O>;
  /** Compiles what it needs and returns the attack on a batch of pictures. */
  prepare(setup: AttackSetup<O>): PreparedAttack;
}

/** An attack that takes its pictures one by one. */
export interface SingleAttack<O> extends Omit<Attack<O>, 'prepare'> {
  prepare(setup: AttackSetup<O>): (victim: Victim) => Promise<Perturbed>;
}

/** Declares an attack on a batch. Clipping to [0,1], norms and the success check are done once, outside (`runAttack`). */
export const defineBatchAttack = <O>(attack: Attack<O>): Attack<O> => attack;

/** Declares an attack on one picture; as `defineBatchAttack` otherwise. */
export const defineAttack = <O>(attack: SingleAttack<O>): Attack<O> => ({
  ...attack,
  prepare(setup) {
    const perturb = attack.prepare(setup);
    return async (victims) => {
      const perturbed: Perturbed[] = [];
      for (const victim of victims) perturbed.push(await perturb(victim));
      return perturbed;
    };
  },
});

/** An attacked picture with the size of the change and what became of the prediction. */
export interface AttackResult extends Perturbed {
  /** `[K]`, predicted for the attacked picture. */
  readonly logits: Float32Array;
  /** Whether the prediction is no longer the target. */
  readonly labelChanged: boolean;
  /** Largest absolute change of a pixel value. */
  readonly linf: number;
  /** Euclidean norm of the change. */
  readonly l2: number;
  /** Sum of the absolute changes. */
  readonly l1: number;
}

const clipped = ({ image }: Perturbed, { shape }: Tensor): Tensor => ({
  shape,
  data: image.data.map((v) => Math.min(Math.max(v, 0), 1)),
});

function sizeOfChange(before: Float32Array, after: Float32Array): Pick<AttackResult, 'linf' | 'l2' | 'l1'> {
  let [linf, square, l1] = [0, 0, 0];
  for (let i = 0; i < before.length; i++) {
    const d = Math.abs(after[i] - before[i]);
    linf = Math.max(linf, d);
    square += d * d;
    l1 += d;
  }
  return { linf, l2: Math.sqrt(square), l1 };
}

/**
 * Runs a prepared attack: the results are inside [0,1] whatever the attack did; sizes and predictions are taken after that.
 * `predict` gives logits `[N,K]` of pictures `[N,3,H,W]`.
 */
export async function runAttack(
  attack: PreparedAttack,
  victims: readonly Victim[],
  predict: (images: Tensor) => Promise<Tensor>,
): Promise<AttackResult[]> {
  const perturbed = await attack(victims);
  const images = perturbed.map((p, i) => clipped(p, victims[i].image));
  const logits = await predict(stack(images));
  return perturbed.map((p, i) => {
    const { image, target } = victims[i];
    const own = at(logits, i).data;
    const labelChanged = argMax(own) !== target;
    return { ...p, image: images[i], logits: own, labelChanged, ...sizeOfChange(image.data, images[i].data) };
  });
}

/** A scalar to feed. */
export const scalarOf = (value: number): Tensor => ({ shape: [], data: Float32Array.of(value) });
