import { conv, named, reshape, transpose, type Pads } from '../../graph/index.ts';
import type { Rule } from './rule.ts';

/** Two transpositions, or two reshapes, in a row become one. */
export const mergeLayout: Rule = (node) => {
  const before = node.inputs[0];
  if (node.op === 'transpose' && before.op === 'transpose')
    return transpose(
      before.inputs[0],
      node.attrs.perm.map((p) => before.attrs.perm[p]),
    );
  if (node.op === 'reshape' && before.op === 'reshape') return reshape(before.inputs[0], node.shape);
  return undefined;
};

/** Zeros put around a picture before a convolution become the convolution's own padding. */
export const mergePadding: Rule = (node) => {
  const before = node.inputs[0];
  if (node.op !== 'conv' || before.op !== 'pad' || before.attrs.value !== 0) return undefined;
  const [bn, bc, top, left] = before.attrs.before;
  const [an, ac, bottom, right] = before.attrs.after;
  if (bn || bc || an || ac) return undefined;
  const extra: Pads = [top, left, bottom, right];
  const [p0, p1, p2, p3] = node.attrs.pads.map((p, i) => p + extra[i]);
  const made = conv(before.inputs[0], node.inputs[1], node.inputs[2], { ...node.attrs, pads: [p0, p1, p2, p3] });
  return node.name === undefined ? made : named(made, node.name);
};
