import * as g from '../../graph/index.ts';
import type { Node } from '../../graph/index.ts';
import { stableRatio } from '../stable-ratio.ts';

/** A layer that is linear in its first input: a convolution or a dense layer, with its bias. */
export type LinearLayer = Extract<Node, { op: 'conv' | 'dense' }>;

/**
 * A rule of relevance propagation: the relevance of a linear layer's input, given that of its output.
 * Each rule is a sum of terms `x ⊙ Wᵀ (R / z)` with modified inputs and weights.
 */
export type Rule = (layer: LinearLayer, relevance: Node) => Node;

const weightOf = (layer: LinearLayer): Node => layer.inputs[1];
const biasOf = (layer: LinearLayer): Node | undefined => layer.inputs[2] as Node | undefined;

const outputsOf = (layer: LinearLayer): number => g.sizeAlong(layer, layer.op === 'conv' ? 1 : -1);

/** The layer's map applied to another input, with another weight and bias. */
function forward(layer: LinearLayer, x: Node, weight: Node, bias?: Node): Node {
  return layer.op === 'conv' ? g.conv(x, weight, bias, layer.attrs) : g.dense(x, weight, bias);
}

/** The transposed map with another weight. */
function transposed(layer: LinearLayer, s: Node, weight: Node): Node {
  const [x] = layer.inputs;
  if (layer.op === 'dense') return g.dense(s, g.transpose(weight, [1, 0]));
  return g.convInput(s, weight, [g.sizeAlong(x, 2), g.sizeAlong(x, 3)], layer.attrs);
}

const positive = (v: number) => Math.max(v, 0);
const negative = (v: number) => Math.min(v, 0);

/** LRP-ε: `x ⊙ Wᵀ (R / (z + ε))`, bias in z. */
export const epsilonRule =
  (epsilon = 1e-6): Rule =>
  (layer, relevance) =>
    g.mul(layer.inputs[0], transposed(layer, stableRatio(relevance, layer, epsilon), weightOf(layer)));

/**
 * LRP-z⁺ (α=1, β=0): positive contributions only, positive part of the bias in the denominator, as zennit's `ZPlus`.
 * Where the input cannot be negative, the half that would be zero is left out.
 */
export const zPlusRule =
  (epsilon = 1e-6): Rule =>
  (layer, relevance) => {
    const [x] = layer.inputs;
    const weights = g.mapConstant(weightOf(layer), positive);
    // The stabiliser rides in the bias: no pass of its own over the denominators, which cannot be negative.
    const bias = biasOf(layer) ?? g.zeros([outputsOf(layer)]);
    const stabiliser = g.mapConstant(bias, (b) => positive(b) + epsilon);
    if (g.isNonNegative(x)) {
      const z = forward(layer, x, weights, stabiliser);
      return g.mul(x, transposed(layer, g.div(relevance, z), weights));
    }
    const otherWeights = g.mapConstant(weightOf(layer), negative);
    const [above, below] = [g.relu(x), g.neg(g.relu(g.neg(x)))];
    const z = g.add(forward(layer, above, weights, stabiliser), forward(layer, below, otherWeights));
    const s = g.div(relevance, z);
    return g.add(g.mul(above, transposed(layer, s, weights)), g.mul(below, transposed(layer, s, otherWeights)));
  };

/**
 * LRP-γ: contributions of the output's own sign are raised by the factor 1 + γ, as zennit's `Gamma` does for inputs of any sign.
 * `outputPositive` says that relevance only arrives where the output is positive (a ReLU follows), which saves half of the work.
 */
export const gammaRule =
  (gamma = 0.25, epsilon = 1e-6, outputPositive: (layer: LinearLayer) => boolean = () => false): Rule =>
  (layer, relevance) => {
    const [x] = layer.inputs;
    const raise = (part: (v: number) => number) => (v: number) => v + gamma * part(v);
    const weight = weightOf(layer);
    const bias = biasOf(layer);
    const nonNegative = g.isNonNegative(x);
    const [above, below] = nonNegative ? [x, undefined] : [g.relu(x), g.neg(g.relu(g.neg(x)))];

    /** Relevance of outputs of one sign: contributions of that sign count 1 + γ times. */
    const half = (r: Node, own: (v: number) => number, other: (v: number) => number): Node => {
      const forAbove = g.mapConstant(weight, raise(own));
      const forBelow = g.mapConstant(weight, raise(other));
      const z = forward(layer, above, forAbove, bias && g.mapConstant(bias, raise(own)));
      const s = stableRatio(r, below ? g.add(z, forward(layer, below, forBelow)) : z, epsilon);
      const main = g.mul(above, transposed(layer, s, forAbove));
      return below ? g.add(main, g.mul(below, transposed(layer, s, forBelow))) : main;
    };
    if (outputPositive(layer)) return half(relevance, positive, negative);
    const up = g.mul(relevance, g.cast(g.greater(layer, 0), 'float32'));
    const down = g.mul(relevance, g.cast(g.greater(0, layer), 'float32'));
    return g.add(half(up, positive, negative), half(down, negative, positive));
  };

/** LRP-z^B for the first layer: the input lies in a box, `low` and `high` broadcast against it. */
export const zBoxRule =
  (low: Node, high: Node, epsilon = 1e-6): Rule =>
  (layer, relevance) => {
    const [x] = layer.inputs;
    const weight = weightOf(layer);
    const [up, down] = [g.mapConstant(weight, positive), g.mapConstant(weight, negative)];
    const [l, h] = [g.expand(low, [1, ...x.shape.slice(1)]), g.expand(high, [1, ...x.shape.slice(1)])];
    const z = g.sub(forward(layer, x, weight), g.add(forward(layer, l, up), forward(layer, h, down)));
    const s = stableRatio(relevance, z, epsilon);
    const share = (v: Node, w: Node) => g.mul(v, transposed(layer, s, w));
    return g.sub(share(x, weight), g.add(share(l, up), share(h, down)));
  };

/** LRP-flat: relevance spread evenly over the receptive field. */
export const flatRule =
  (epsilon = 1e-6): Rule =>
  (layer, relevance) => {
    const [x] = layer.inputs;
    const ones = g.mapConstant(weightOf(layer), () => 1);
    const everywhere = g.constant(Float32Array.of(1), [1]);
    const z = forward(layer, g.expand(everywhere, [1, ...x.shape.slice(1)]), ones);
    return transposed(layer, stableRatio(relevance, z, epsilon, true), ones);
  };
