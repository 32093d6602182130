import { constant, withInputs, type Node, type NodeOf } from '../graph/index.ts';
import { UserError } from '../numeric/errors.ts';
import { createRng, type Rng } from '../numeric/random.ts';
import type { Layer } from './canonical/layer.ts';
import type { Model } from './classifier.ts';
import { rebuild } from './rebuild.ts';
import { weightLayers } from './weights.ts';

/** Layers that lose what they have learnt. */
export interface Randomisation {
  /** Names of layers with weights. */
  readonly layers: readonly string[];
  /** `fresh`: uniform within ±1/√(inputs of a neuron), PyTorch's initialisation of such layers. `shuffled`: the layer's own, in another order. */
  readonly weights: 'fresh' | 'shuffled';
}

/**
 * Makes copies of a model with random weights and biases in some layers. What a layer gets depends on (seed, layer) alone, so a layer
 * is the same in all copies, and the copies share it. Throws UserError for a layer that is not there.
 */
export function createRandomiser(model: Model, seed: number): (randomisation: Randomisation) => Model {
  const layers = weightLayers(model);
  const drawn = new Map<string, readonly Node[]>();
  return ({ layers: chosen, weights }) => {
    const replacements = new Map<Node, readonly Node[]>();
    for (const name of chosen) {
      const layer = layers.get(name);
      if (!layer)
        throw new UserError(
          `model '${model.name}' has no layer with weights '${name}'; it has ${[...layers.keys()].join(', ')}`,
        );
      const key = `randomise/${weights}/${name}`;
      const constants = drawn.get(key) ?? draw[weights](layer, createRng(seed, key));
      drawn.set(key, constants);
      replacements.set(layer, constants);
    }
    return rebuild(model, (node, original) => {
      const constants = replacements.get(original);
      return constants ? withInputs(node, [node.inputs[0], ...constants]) : node;
    });
  };
}

const draw: Record<Randomisation['weights'], (layer: Layer, rng: Rng) => Node[]> = {
  fresh(layer, rng) {
    const { shape } = layer.inputs[1];
    const inputs = layer.op === 'dense' ? shape[0] : shape.slice(1).reduce((n: number, d) => n * (d as number), 1);
    const bound = 1 / Math.sqrt(inputs as number);
    return constantsOf(layer).map(({ attrs }) =>
      constant(
        Float32Array.from({ length: attrs.data.length }, () => bound * (2 * rng.uniform() - 1)),
        attrs.shape,
      ),
    );
  },
  shuffled: (layer, rng) =>
    constantsOf(layer).map(({ attrs }) => constant(rng.shuffle(Float32Array.from(attrs.data)), attrs.shape)),
};

const constantsOf = (layer: Layer) => layer.inputs.slice(1) as readonly Node[] as readonly NodeOf<'constant'>[];
