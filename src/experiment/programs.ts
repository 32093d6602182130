import type { Attack } from '../../attacks/index.ts';
import type { Engine } from '../engine/engine.ts';
import { isWhiteBox, type Explainer } from '../explainers/index.ts';
import { input } from '../graph/index.ts';
import type { Model } from '../model/model.ts';
import type { Rng } from '../numeric/random.ts';
import { at, oneHot, stack, type Tensor } from '../numeric/tensor.ts';

/** A definition with its options. */
export interface Chosen<D> {
  readonly definition: D;
  readonly options: unknown;
}

/** Attributions `[N,C,H,W]` of pictures `[N,3,H,W]` for one class. */
export type Explain = (images: Tensor, target: number, rng: Rng) => Promise<Tensor>;

/** Everything that runs on one model, each compiled at its first use and once. */
export interface Programs {
  /** Logits `[N,K]` of pictures `[N,3,H,W]`. */
  predict(images: Tensor): Promise<Tensor>;
  explain(explainer: Chosen<Explainer>): Explain;
  /** The attack on one picture; `explainer` is the one attacked, where the attack looks at it. */
  attack(attack: Chosen<Attack>, explainer?: Chosen<Explainer>): ReturnType<Attack['prepare']>;
}

/** The value of a map's key, made at the first call. */
function once<K, V>(values: Map<K, V>, key: K, make: () => V): V {
  let value = values.get(key);
  if (value === undefined) values.set(key, (value = make()));
  return value;
}

/** Prepares what an experiment runs on one model. */
export function createPrograms(engine: Engine, model: Model): Programs {
  const logits = engine.compile({ logits: model.logits });
  const predict = async (images: Tensor) => (await logits.run({ pixels: images })).logits;

  function explainWith({ definition, options }: Chosen<Explainer>): Explain {
    if (!isWhiteBox(definition))
      return async (images, target, rng) => {
        const maps: Tensor[] = [];
        for (let i = 0; i < images.shape[0]; i++)
          maps.push(await definition.explain({ predict, image: at(images, i), target, options, rng }));
        return stack(maps);
      };
    const target = input('target', ['N', model.classes]);
    const program = engine.compile({ attribution: definition.attribution({ model, target, options }) });
    return async (images, chosen) => {
      const [n] = images.shape;
      return (await program.run({ pixels: images, target: oneHot(chosen, model.classes, n) })).attribution;
    };
  }

  const explainers = new Map<Chosen<Explainer>, Explain>();
  const attacks = new Map<Chosen<Attack>, Map<Chosen<Explainer> | undefined, ReturnType<Attack['prepare']>>>();
  return {
    predict,
    explain: (explainer) => once(explainers, explainer, () => explainWith(explainer)),
    attack: (attack, explainer) =>
      once(
        once(attacks, attack, () => new Map()),
        explainer,
        () => {
          const attacked = explainer?.definition;
          const attribution =
            attacked && isWhiteBox(attacked)
              ? (m: Model, target: ReturnType<typeof input>) =>
                  attacked.attribution({ model: m, target, options: explainer.options })
              : undefined;
          return attack.definition.prepare({ engine, model, attribution, options: attack.options });
        },
      ),
  };
}
