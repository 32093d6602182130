import { attacks, runAttack, type AttackResult, type PreparedAttack, type Victim } from '../../attacks/index.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { Node } from '../../src/graph/index.ts';
import type { Model } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';
import { at, batchOf, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { nets } from '../explainers/nets.ts';

export const attackOf = (name: string) => attacks.find((a) => a.name === name)!;

/** A random picture `[3,12,12]`. */
export function picture(seed: number): Tensor {
  const rng = createRng(seed, 'image');
  return tensor(
    [3, 12, 12],
    Float32Array.from({ length: 432 }, () => rng.uniform()),
  );
}

/** A small random net of four classes on an engine, and what tests of attacks ask of it. */
export function toyAttacks(
  engine: Engine,
  model: Model = nets.pooled(createRng(21, 'attack'), { size: 12, normalise: true }),
) {
  const program = engine.compile({ logits: model.logits });
  const predict = async (images: Tensor) => (await program.run({ pixels: images })).logits;
  const logitsOf = async (image: Tensor) => at(await predict(batchOf(image)), 0).data;
  return {
    model,
    predict,
    logitsOf,
    /** A picture, its prediction, and random numbers of its own. */
    async victim(seed: number): Promise<Victim> {
      const image = picture(seed);
      const logits = await logitsOf(image);
      return {
        image,
        target: logits.indexOf(Math.max(...logits)),
        other: () => Promise.resolve(picture(seed + 1000)),
        rng: createRng(seed, 'victim'),
      };
    },
    prepare: (name: string, options: object = {}, attribution?: (m: Model, target: Node) => Node): PreparedAttack =>
      attackOf(name).prepare({ engine, model, attribution, options: attackOf(name).options.parse(options) }),
    run: (attack: PreparedAttack, victims: readonly Victim[]): Promise<AttackResult[]> =>
      runAttack(attack, victims, predict),
    async runOne(attack: PreparedAttack, victim: Victim): Promise<AttackResult> {
      return (await runAttack(attack, [victim], predict))[0];
    },
  };
}
