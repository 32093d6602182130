import type { Node } from '../../graph/index.ts';
import { operandAlong } from './affine.ts';
import { channelAxis, type Vector } from './channels.ts';
import { biasOf, inputOf, isLayer, mapWeight, outputOf, weightOf, withWeight, type Layer } from './layer.ts';
import type { Rule, Sole } from './rule.ts';

const unpadded = (layer: Layer): boolean => layer.op === 'dense' || layer.attrs.pads.every((p) => p === 0);

interface Affine {
  readonly x: Node;
  readonly factor?: Vector;
  readonly offset?: Vector;
}

/** A node as `x * factor + offset` along an axis, as far as nothing else uses the parts. */
function affineOf(node: Node, axis: number, sole: Sole): Affine {
  const operand = sole(node) ? operandAlong(axis, node) : undefined;
  if (!operand) return { x: node };
  const [before] = node.inputs;
  if (node.op === 'mul') return { x: before, factor: operand };
  const inner = sole(before) && before.op === 'mul' ? operandAlong(axis, before) : undefined;
  return inner ? { x: before.inputs[0], factor: inner, offset: operand } : { x: before, offset: operand };
}

/**
 * Factors and offsets of channels before a layer become part of that layer. Offsets only where nothing is padded: the zeros of
 * padding get no offset.
 */
export const foldIntoNext: Rule = (node, sole) => {
  if (!isLayer(node)) return undefined;
  const { x, factor, offset } = affineOf(node.inputs[0], node.op === 'conv' ? 1 : channelAxis(node), sole);
  if (x === node.inputs[0] || (offset && !unpadded(node))) return undefined;
  const { data } = weightOf(node);
  const [channel, output] = [inputOf(node), outputOf(node)];
  const bias = biasOf(node);
  if (offset) data.forEach((w: number, i: number) => (bias[output(i)] += w * offset[channel(i)]));
  const weight = factor ? mapWeight(node, (w, i) => w * factor[channel(i)]) : node.inputs[1];
  return withWeight(node, weight, bias, x);
};
