import type { Attack, PreparedAttack } from '../../attacks/index.ts';
import type { MapContext } from '../../metrics/metric.ts';
import { turnedOnHost } from '../../metrics/turned.ts';
import type { Engine, Program } from '../engine/engine.ts';
import { isWhiteBox, type AttributionOf, type Explainer } from '../explainers/index.ts';
import { input } from '../graph/index.ts';
import { createRandomiser, representationOf, weightLayers, type Model, type Randomisation } from '../model/model.ts';
import type { Rng } from '../numeric/random.ts';
import { at, oneHot, stack, type Tensor } from '../numeric/tensor.ts';
import { turnedOnDevice } from './turned.ts';

/** A definition with its options. */
export interface Chosen<D> {
  readonly definition: D;
  readonly options: unknown;
  /** The explainer that this one is applied to. */
  readonly wrapped?: Chosen<Explainer>;
}

/** An attack, and the explainers beside the attacked one whose gradients it uses. */
export type ChosenAttack = Chosen<Attack> & { readonly surrogates?: readonly Chosen<Explainer>[] };

/** How an explainer with its options builds its graph; undefined for a black box. */
export function attributionOf({ definition, options, wrapped }: Chosen<Explainer>): AttributionOf | undefined {
  if (!isWhiteBox(definition)) return undefined;
  const inner = wrapped && attributionOf(wrapped);
  return (model, target) => definition.attribution({ model, target, options, wrapped: inner });
}

/** Attributions `[N,C,H,W]` of pictures `[N,3,H,W]` for one class. */
export type Explain = (images: Tensor, target: number, rng: Rng) => Promise<Tensor>;

/** Everything that runs on one model, each compiled at its first use and once. */
export interface Programs {
  /** Logits `[N,K]` of pictures `[N,3,H,W]`. */
  predict(images: Tensor): Promise<Tensor>;
  /** Logits `[N,K]` of pictures made of two. */
  predictTurned: MapContext<unknown>['predictTurned'];
  /** By the model, or by a copy of it with random weights. */
  explain(explainer: Chosen<Explainer>, randomisation?: Randomisation): Explain;
  /** Inner representations `[N,...]` of pictures `[N,3,H,W]` at a layer, by default the input of the last layer with weights. */
  represent(images: Tensor, layer?: string): Promise<Tensor>;
  /** Names of layers with weights, in topological order. */
  readonly weightLayers: readonly string[];
  /** The attack on pictures; `explainer` is the one attacked, where the attack looks at it. */
  attack(attack: ChosenAttack, explainer?: Chosen<Explainer>): PreparedAttack;
}

/** The value of a map's key, made at the first call. */
function once<K, V>(values: Map<K, V>, key: K, make: () => V): V {
  let value = values.get(key);
  if (value === undefined) values.set(key, (value = make()));
  return value;
}

/** Prediction and explanation by one model. */
function basics(engine: Engine, model: Model): Pick<Programs, 'predict'> & { explain(e: Chosen<Explainer>): Explain } {
  let logits: Program | undefined;
  const predict = async (images: Tensor) => {
    logits ??= engine.compile({ logits: model.logits });
    return (await logits.run({ pixels: images })).logits;
  };

  function explainWith(explainer: Chosen<Explainer>): Explain {
    const { definition, options } = explainer;
    if (!isWhiteBox(definition))
      return async (images, target, rng) => {
        const maps: Tensor[] = [];
        for (let i = 0; i < images.shape[0]; i++)
          maps.push(await definition.explain({ predict, image: at(images, i), target, options, rng }));
        return stack(maps);
      };
    const target = input('target', ['N', model.classes]);
    const program = engine.compile({ attribution: attributionOf(explainer)!(model, target) });
    return async (images, chosen) => {
      const [n] = images.shape;
      return (await program.run({ pixels: images, target: oneHot(chosen, model.classes, n) })).attribution;
    };
  }

  const explainers = new Map<Chosen<Explainer>, Explain>();
  return { predict, explain: (explainer) => once(explainers, explainer, () => explainWith(explainer)) };
}

/** Prepares what an experiment runs on one model; `seed` is that of random weights. */
export function createPrograms(engine: Engine, model: Model, seed = 0): Programs {
  const own = basics(engine, model);
  const randomise = createRandomiser(model, seed);
  const copies = new Map<string, ReturnType<typeof basics>>();
  const layers = new Map<string | undefined, Program>();
  const attacks = new Map<ChosenAttack, Map<Chosen<Explainer> | undefined, PreparedAttack>>();
  return {
    predict: own.predict,
    // On the processor, painting takes less time than choosing in a graph, and there is one copy of the weights.
    predictTurned: engine.onProcessor ? turnedOnHost(own.predict) : turnedOnDevice(engine, model),
    explain: (explainer, randomisation) =>
      (randomisation
        ? once(copies, JSON.stringify(randomisation), () => basics(engine, randomise(randomisation)))
        : own
      ).explain(explainer),
    async represent(images, layer) {
      const program = once(layers, layer, () => engine.compile({ layer: representationOf(model, layer) }));
      return (await program.run({ pixels: images })).layer;
    },
    weightLayers: [...weightLayers(model).keys()],
    attack: (attack, explainer) =>
      once(
        once(attacks, attack, () => new Map()),
        explainer,
        () => {
          const attribution = explainer && attributionOf(explainer);
          const surrogates = attack.surrogates?.filter((s) => s !== explainer).map((s) => attributionOf(s)!);
          return attack.definition.prepare({ engine, model, attribution, surrogates, options: attack.options });
        },
      ),
  };
}
