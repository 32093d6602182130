import { named, rewrite, topological, type Node } from '../graph/index.ts';
import { recogniseActivation } from './canonical/activation.ts';
import { foldAffine } from './canonical/affine.ts';
import { separateHeads } from './canonical/attention.ts';
import { matmulToDense } from './canonical/dense.ts';
import { foldIntoNext } from './canonical/into-next.ts';
import { mergeLayout, mergePadding } from './canonical/layout.ts';
import type { Rule, Sole } from './canonical/rule.ts';

// Activations come first: they are compositions of the factors and offsets that the next rule moves about.
const rules: readonly Rule[] = [
  recogniseActivation,
  matmulToDense,
  foldAffine,
  foldIntoNext,
  mergePadding,
  mergeLayout,
  separateHeads,
];

/**
 * The same functions in the form that explainers expect: BatchNorm and constant factors and offsets folded into convolutions and
 * dense layers, products with constant matrices as dense layers, activations as single nodes, attention weights with an axis of heads. A layer keeps its name.
 */
export function canonical(outputs: readonly Node[]): Node[] {
  const uses = countUses(outputs);
  const sole: Sole = (node) => (uses.get(node) ?? 1) <= 1;
  return rewrite(outputs, (node, original) => {
    const result = simplified(node, sole);
    // A node that stands for several originals is used by all of their users.
    const others = result === original ? 0 : (uses.get(result) ?? 0);
    uses.set(result, others + (uses.get(original) ?? 0));
    return result;
  });
}

function countUses(outputs: readonly Node[]): Map<Node, number> {
  const uses = new Map<Node, number>();
  const use = (node: Node) => uses.set(node, (uses.get(node) ?? 0) + 1);
  for (const node of topological(outputs)) node.inputs.forEach(use);
  outputs.forEach(use);
  return uses;
}

function simplified(node: Node, sole: Sole): Node {
  let result = node;
  for (let found: Node | undefined = node; found; found = firstOf(result, sole)) result = found;
  const anonymous = result.name === undefined && node.name !== undefined && result !== node && result.op !== 'constant';
  return anonymous && !node.inputs.includes(result) ? named(result, node.name!) : result;
}

function firstOf(node: Node, sole: Sole): Node | undefined {
  for (const rule of rules) {
    const found = rule(node, sole);
    if (found) return found;
  }
  return undefined;
}
