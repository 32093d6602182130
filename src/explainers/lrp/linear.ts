import * as g from '../../graph/index.ts';
import type { Node } from '../../graph/index.ts';
import { stableRatio } from '../stable-ratio.ts';
import { mapWeight } from './map-weight.ts';
import type { Part, Rule, Term } from './rules.ts';

/** A layer that is linear in its first input: a convolution or a dense layer, with its bias. */
export type LinearLayer = Extract<Node, { op: 'conv' | 'dense' }>;

export const isLinear = (node: Node): node is LinearLayer => node.op === 'conv' || node.op === 'dense';

/** What rules need to know beside the layer. */
export interface Surroundings {
  /** The ends of the box of pixel values after preprocessing, `[1,3,1,1]`. */
  readonly box: readonly [low: Node, high: Node];
  /** Whether relevance only arrives where a node's value is positive, because ReLUs are all that follows it. */
  rectified(node: Node): boolean;
}

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

/** What stands for the layer's input in a term; undefined where that is zero everywhere. */
function inputOf(x: Node, { input }: Term, [low, high]: Surroundings['box']): Node | undefined {
  switch (input) {
    case 'x':
      return x;
    case 'positive':
      return g.isNonNegative(x) ? x : g.relu(x);
    case 'negative':
      return g.isNonNegative(x) ? undefined : g.neg(g.relu(g.neg(x)));
    case 'one':
      return g.expand(g.constant(Float32Array.of(1), [1]), [1, ...x.shape.slice(1)]);
    case 'aboveLow':
      return g.sub(x, low);
    case 'belowHigh':
      return g.sub(x, high);
  }
}

/** R / denominators, stabilised; `added` is the bias that carries the stabiliser where the sign is known beforehand. */
function ratio(
  layer: LinearLayer,
  relevance: Node,
  part: Part,
  epsilon: number,
  z: (added: number) => Node,
  rectified: boolean,
) {
  if (part.sign) return g.div(relevance, z(part.sign * epsilon));
  if (part.outputs) {
    // Where the output has the part's sign so has the denominator. Elsewhere no relevance arrives, and none must be divided by 0.
    const [low, high] = part.outputs > 0 ? [epsilon, Infinity] : [-Infinity, -epsilon];
    const mask = part.outputs > 0 ? g.greater(layer, 0) : g.greater(0, layer);
    const arrived = rectified ? relevance : g.mul(relevance, g.cast(mask, 'float32'));
    return g.div(arrived, g.clip(z(part.outputs * epsilon), low, high));
  }
  return stableRatio(relevance, rectified ? g.relu(z(0)) : z(0), epsilon);
}

/**
 * Relevance of a linear layer's input, given that of its output: `Σ x ⊙ Wᵀ (R / z)` over the rule's parts and terms.
 * A half that would be zero, because the input cannot be negative or no relevance arrives there, is left out.
 */
export function relevanceOfInput(layer: LinearLayer, relevance: Node, rule: Rule, around: Surroundings): Node {
  const [x, weight, bias] = layer.inputs as readonly [Node, Node, Node?];
  const rectified = around.rectified(layer);
  const outputs = g.sizeAlong(layer, layer.op === 'conv' ? 1 : -1);
  /** Cotangents by the input that weighs them: terms with one input are added up before they are weighed. */
  const received = new Map<Node | 'one', Node>();
  const inputs = new Map<Term['input'], Node | undefined>();
  const input = (term: Term) => {
    if (!inputs.has(term.input)) inputs.set(term.input, inputOf(x, term, around.box));
    return inputs.get(term.input);
  };

  for (const part of rule.parts) {
    if (rectified && part.outputs === -1) continue;
    const terms = part.terms.flatMap((term) => {
      const from = input(term);
      return from ? [{ ...term, from, changed: term.weight ? mapWeight(weight, term.weight) : weight }] : [];
    });
    /** The denominators, plus a number: it rides in the bias and needs no pass of its own. */
    const z = (added: number) =>
      terms
        .map(({ from, changed, bias: change }, i) => {
          const own = change && bias;
          const number = i === 0 ? added : 0;
          return forward(layer, from, changed, shifted(own, change, number, outputs));
        })
        .reduce(g.add);
    const s = ratio(layer, relevance, part, rule.epsilon, z, rectified);
    for (const { input: kind, from, changed } of terms) {
      const key = kind === 'one' ? kind : from;
      const share = part.share === 1 ? changed : mapWeight(changed, (v) => part.share * v);
      const t = transposed(layer, s, share);
      const before = received.get(key);
      received.set(key, before ? g.add(before, t) : t);
    }
  }
  return [...received].map(([from, t]) => (from === 'one' ? t : g.mul(from, t))).reduce(g.add);
}

/** The changed bias plus a number; the bias itself where nothing changes it. */
function shifted(bias: Node | undefined, change: Term['bias'], added: number, outputs: number): Node | undefined {
  if (!bias) return added === 0 ? undefined : g.constant(new Float64Array(outputs).fill(added), [outputs]);
  return added === 0 && change === undefined ? bias : mapWeight(bias, (v) => change!(v) + added);
}
