import { erf } from '../../numeric/erf.ts';
import { gelu, hardSwish, mish, relu, sameShape, sigmoid, silu, softplus, type Node } from '../../graph/index.ts';
import { isConstant } from './channels.ts';
import type { Rule } from './rule.ts';
import { evaluateAt, isElementwise } from './scalar-function.ts';

interface Activation {
  make(x: Node): Node;
  at(x: number): number;
}

const sigmoidAt = (x: number) => 1 / (1 + Math.exp(-x));

const activations: readonly Activation[] = [
  { make: (x) => relu(x), at: (x) => Math.max(x, 0) },
  { make: (x) => sigmoid(x), at: sigmoidAt },
  { make: (x) => silu(x), at: (x) => x * sigmoidAt(x) },
  { make: (x) => hardSwish(x), at: (x) => x * Math.min(Math.max(x / 6 + 0.5, 0), 1) },
  { make: (x) => mish(x), at: (x) => x * Math.tanh(Math.log1p(Math.exp(x))) },
  { make: (x) => softplus(x), at: (x) => Math.log1p(Math.exp(x)) },
  { make: (x) => gelu(x), at: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)) },
  {
    make: (x) => gelu(x, 'tanh'),
    at: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  },
];

const points = [-60, -21.5, -9, -5.25, -3, -1.7, -0.8, -0.31, -0.05, 0, 0.07, 0.4, 0.9, 1.6, 2.8, 5.5, 9.25, 22, 60];

// Exporters store constants such as sqrt(2) as float32.
const close = (a: number | undefined, b: number) => a !== undefined && Math.abs(a - b) <= 1e-6 + 1e-5 * Math.abs(b);

/** What a node may be a function of: the values up to `depth` element-wise operations before it, nearest first. */
function leaves(node: Node, depth: number): Set<Node> {
  const found = new Set<Node>();
  let level: Node[] = [node];
  for (let d = 0; d < depth; d++) {
    level = level.filter(isElementwise).flatMap((n) => n.inputs.filter((i) => !isConstant(i)));
    level.forEach((n) => found.add(n));
  }
  return found;
}

/** The last operation of the compositions that exporters write. */
const lastOps: readonly string[] = ['mul', 'div', 'log', 'maximum'];

/**
 * Activations written as several operations become one. Exporters write them in many orders; so the composition is not matched piece by
 * piece but taken as a function of one value and compared with each activation at a number of points.
 */
export const recogniseActivation: Rule = (node) => {
  if (node.op === 'clip' && node.attrs.min === 0 && node.attrs.max === Infinity) return relu(node.inputs[0]);
  if (!lastOps.includes(node.op)) return undefined;
  for (const leaf of leaves(node, 7)) {
    if (!sameShape(leaf.shape, node.shape)) continue;
    const found = activations.find(({ at }) => points.every((x) => close(evaluateAt(node, leaf, x, 9), at(x))));
    if (found) return found.make(leaf);
  }
  return undefined;
};
