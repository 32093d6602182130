import type { Tensors } from '../engine/engine.ts';
import { constant, input, substitute, type Node, type NodeOf } from '../graph/index.ts';
import { rebuild, weightLayers, type Model } from '../model/model.ts';
import { writeModel } from '../onnx/write.ts';

/** A model whose weights and biases are inputs of the graph, by `layer.weight` and `layer.bias`. */
export interface Trainable {
  readonly model: Model;
  readonly parameters: ReadonlyMap<string, Node>;
  /** The values that the model came with. */
  readonly initial: Tensors;
}

/** Makes the weights and biases of convolutions and dense layers inputs; what else the model holds stays. */
export function trainable(model: Model): Trainable {
  const parameters = new Map<string, Node>();
  const inputs = new Map<Node, Node>();
  const initial: Record<string, Tensors[string]> = {};
  for (const [layer, { inputs: given }] of weightLayers(model))
    (given.slice(1) as readonly NodeOf<'constant'>[]).forEach((value, i) => {
      if (inputs.has(value)) return;
      const name = `${layer}.${i === 0 ? 'weight' : 'bias'}`;
      const { shape, data } = value.attrs;
      initial[name] = { shape, data: Float32Array.from(data) };
      parameters.set(name, input(name, shape));
      inputs.set(value, parameters.get(name)!);
    });
  return { model: rebuild(model, (node) => inputs.get(node) ?? node), parameters, initial };
}

/** The model as an ONNX file with some values of its parameters: preprocessed `pixels` `[N,3,H,W]` -> `logits` `[N,K]`. */
export function writeTrained({ model, parameters }: Trainable, values: Tensors): Uint8Array {
  const exchanged = new Map([...parameters].map(([name, node]) => [node, fixed(values[name])]));
  exchanged.set(model.input, input('pixels', model.input.shape));
  const [logits] = substitute([model.logits], exchanged);
  return writeModel({ logits });
}

const fixed = ({ data, shape }: Tensors[string]): Node => constant(data, shape);
