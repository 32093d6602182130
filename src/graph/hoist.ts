import type { OpAttrs, OpName } from './attrs.ts';
import { mul, reshape } from './build.ts';
import { flopsOf, sizeAt } from './flops.ts';
import { withInputs, type Node } from './node.ts';
import { sameShape } from './shape.ts';
import { sumOfTerms } from './sum-over.ts';
import { between, substitute } from './traverse.ts';

/** Ops that are linear in each of their two operands, and in the first alone. A sum or a part of an operand is smaller than it, so it stays inside. */
const bilinear = new Set<OpName>(['mul', 'conv', 'convInput', 'convWeight', 'dense', 'matmul']);
const linear = new Set<OpName>([
  'neg',
  'div',
  'reshape',
  'transpose',
  'expand',
  'pad',
  'avgPool',
  'avgPoolInput',
  'poolGather',
  'poolScatter',
  'gather',
  'scatterAdd',
]);

/** Adding up a value once more takes less time than so many operations; a convolution of 3×3 for three channels has 54 a value. */
const flopsPerValue = 50;

/** What is added to a linear map: in a sum of maps it would be there as often as there are terms. */
const hasOffset = ({ op, inputs, attrs }: Node): boolean =>
  op === 'pad' ? attrs.value !== 0 : (op === 'conv' || op === 'dense') && inputs.length > 2;

const isNumber = (x: Node): boolean => x.shape.every((d) => d === 1);

interface LinearMap {
  readonly operand: Node;
  of(x: Node): Node;
}

/**
 * The linear map that makes a term, and what it is applied to; a number by which its result is multiplied goes to its operand. None where
 * sums of the operand are so much larger that they take longer than the map.
 */
function outermost(term: Node, varying: ReadonlySet<Node>): LinearMap | undefined {
  const { inputs } = term;
  const at = inputs.findIndex((x) => varying.has(x));
  if (inputs.some((x, i) => i !== at && varying.has(x))) return multiplied(term, varying);
  const isLinear = bilinear.has(term.op) ? at === 0 || at === 1 : linear.has(term.op) && at === 0;
  if (!isLinear || hasOffset(term)) return undefined;
  const operand = inputs[at];
  const pays = sizeAt(operand) <= sizeAt(term) || flopsOf(term) >= flopsPerValue * sizeAt(operand);
  return pays ? { operand, of: (x) => withInputs(term, inputs.with(at, x)) } : undefined;
}

function multiplied({ op, inputs, shape }: Node, varying: ReadonlySet<Node>): LinearMap | undefined {
  const [x, number] = isNumber(inputs[0]) ? [inputs[1], inputs[0]] : inputs;
  if (op !== 'mul' || !isNumber(number) || !sameShape(x.shape, shape)) return undefined;
  const map = outermost(x, varying);
  return map && { ...map, operand: mul(map.operand, reshape(number, [])) };
}

/** Σ L(t) = L(Σ t). */
function summedInside(term: Node, entries: readonly Node[], sum: (term: Node) => Node): Node {
  const map = outermost(term, between(entries, [term]));
  return map ? map.of(summedInside(map.operand, entries, sum)) : sum(term);
}

/** A `sumOver` without what need not be done for each term: what is the same in all of them, and linear maps of them. */
export function hoist(operands: readonly Node[], { params, body, sequences }: OpAttrs['sumOver']): Node {
  const entries = params.slice(0, sequences);
  const sum = (term: Node) => sumOfTerms(term, entries, operands.slice(0, sequences));
  const shared = new Map(params.slice(sequences).map((p, i) => [p, operands[sequences + i]]));
  return substitute([summedInside(body, entries, sum)], shared)[0];
}
