import { batchFactor, named, reshape, softmax } from '../../graph/index.ts';
import type { Rule } from './rule.ts';

/**
 * Attention weights that an exporter keeps as `[N*heads,T,S]`, the heads of a picture side by side as PyTorch lays them, become
 * `[N,heads,T,S]`; what reads them gets them as they were.
 */
export const separateHeads: Rule = (node) => {
  if (node.op !== 'softmax' || node.shape.length !== 3 || node.attrs.axis !== 2) return undefined;
  const heads = batchFactor(node.shape[0]);
  if (heads === 0) return undefined;
  const [scores] = node.inputs;
  const weights = softmax(reshape(scores, ['N', heads, ...node.shape.slice(1)]));
  return reshape(node.name === undefined ? weights : named(weights, node.name), node.shape);
};
