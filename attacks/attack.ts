import type { z } from 'zod';
import type { Engine } from '../src/engine/engine.ts';
import type { Node } from '../src/graph/index.ts';
import type { Model } from '../src/model/model.ts';
import type { Rng } from '../src/numeric/random.ts';
import { sizeOf, type Tensor } from '../src/numeric/tensor.ts';

/** What an attack knows before it sees a picture; from it, it compiles its programs once. */
export interface AttackSetup<O> {
  readonly engine: Engine;
  readonly model: Model;
  /** The attacked explainer's attribution on the model or on a changed copy of it; absent where it is a black box. */
  readonly attribution?: (model: Model, target: Node) => Node;
  readonly options: O;
}

/** One picture to attack. */
export interface Victim {
  /** `[3,H,W]` in [0,1]. */
  readonly image: Tensor;
  /** The class predicted for the clean picture, which is also the explained one. */
  readonly target: number;
  /** Another picture of the dataset, seeded, for attacks that want its explanation. */
  other(): Promise<Tensor>;
  readonly rng: Rng;
  readonly signal?: AbortSignal;
}

export interface Perturbed {
  /** `[3,H,W]`. */
  readonly image: Tensor;
  /** The attacker's own loss at each step. */
  readonly losses?: readonly number[];
  /** The explanation that a targeted attack steers to, `[1,H,W]`. */
  readonly targetMap?: Tensor;
}

export interface Attack<O = unknown> {
  readonly name: string;
  readonly title: string;
  readonly paper: string;
  /** Attacks on the prediction do not look at the explainer; benign changes look at nothing. */
  readonly kind: 'prediction' | 'explanation' | 'benign';
  readonly options: z.ZodType<O>;
  /** Compiles what it needs and returns the attack on one picture. */
  prepare(setup: AttackSetup<O>): (victim: Victim) => Promise<Perturbed>;
}

/** Declares an attack. Clipping to [0,1], norms and the success check are done once, outside (`runAttack`). */
export const defineAttack = <O>(attack: Attack<O>): Attack<O> => attack;

export interface AttackResult extends Perturbed {
  /** Largest absolute change of a pixel value. */
  readonly linf: number;
  /** Euclidean norm of the change. */
  readonly l2: number;
}

/** Runs a prepared attack: the result is inside [0,1] whatever the attack did, and its size is measured after that. */
export async function runAttack(attack: (victim: Victim) => Promise<Perturbed>, victim: Victim): Promise<AttackResult> {
  const perturbed = await attack(victim);
  const data = Float32Array.from(perturbed.image.data, (v) => Math.min(Math.max(v, 0), 1));
  let [linf, square] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const d = Math.abs(data[i] - victim.image.data[i]);
    linf = Math.max(linf, d);
    square += d * d;
  }
  return { ...perturbed, image: { shape: victim.image.shape, data }, linf, l2: Math.sqrt(square) };
}

/** A scalar to feed. */
export const scalarOf = (value: number): Tensor => ({ shape: [], data: Float32Array.of(value) });

/** Uniform noise in [-r, r) of the shape of an image. */
export const uniformNoise = ({ shape }: Tensor, r: number, rng: Rng): Float32Array =>
  Float32Array.from({ length: sizeOf(shape) }, () => r * (2 * rng.uniform() - 1));
