import { constant, conv, dense, named, type Node, type NodeOf } from '../../graph/index.ts';
import { channelAxis, isConstant, type Vector } from './channels.ts';

/** A convolution or dense layer whose weight and bias are known. */
export type Layer = NodeOf<'conv'> | NodeOf<'dense'>;

export const isLayer = (x: Node): x is Layer =>
  (x.op === 'conv' || x.op === 'dense') &&
  isConstant(x.inputs[1]) &&
  (x.inputs[2] === undefined || isConstant(x.inputs[2]));

export const weightOf = (layer: Layer) => (layer.inputs[1] as NodeOf<'constant'>).attrs;

/** The bias; zeros where it is left out. */
export function biasOf(layer: Layer): Vector {
  const bias: Node | undefined = layer.inputs[2];
  return isConstant(bias)
    ? Float64Array.from(bias.attrs.data)
    : new Float64Array(layer.shape[channelAxis(layer)] as number);
}

/** For the i-th entry of a layer's weight: the output channel it belongs to. A convolution has `[O,C,kh,kw]`, a dense layer `[I,O]`. */
export function outputOf(layer: Layer): (i: number) => number {
  const { data, shape } = weightOf(layer);
  const perOutput = data.length / shape[0];
  return layer.op === 'conv' ? (i) => Math.floor(i / perOutput) : (i) => i % shape[1];
}

/** The i-th entry's input channel. */
export function inputOf(layer: Layer): (i: number) => number {
  const { shape } = weightOf(layer);
  if (layer.op === 'dense') return (i) => Math.floor(i / shape[1]);
  const [outputs, perGroup, height, width] = shape;
  const outputsPerGroup = outputs / layer.attrs.groups;
  return (i) => {
    const row = Math.floor(i / (height * width));
    const group = Math.floor(Math.floor(row / perGroup) / outputsPerGroup);
    return group * perGroup + (row % perGroup);
  };
}

/** The layer's weight with each entry passed through a function that also gets the entry's place. */
export function mapWeight(layer: Layer, f: (w: number, i: number) => number): Node {
  const { data, shape } = weightOf(layer);
  const mapped = new Float32Array(data.length);
  for (let i = 0; i < mapped.length; i++) mapped[i] = f(data[i], i);
  return constant(mapped, shape);
}

/** The layer with another weight, bias or input; the name stays. */
export function withWeight(layer: Layer, weight: Node, bias: Vector, x: Node = layer.inputs[0]): Node {
  const b = constant(Float32Array.from(bias), [bias.length]);
  const made = layer.op === 'conv' ? conv(x, weight, b, layer.attrs) : dense(x, weight, b);
  return layer.name === undefined ? made : named(made, layer.name);
}
