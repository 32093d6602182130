import * as g from '../../../graph/index.ts';
import type { Dim, Node } from '../../../graph/index.ts';
import { intAttr, integers, value, type Importer } from '../call.ts';
import { addDims, multiplyDims, onNumbers, type DimOp } from '../dims.ts';
import { reduced } from '../static.ts';
import { isStatic, toNode } from '../value.ts';

type Reduction = (x: Node, axes: readonly number[], keepDims: boolean) => Node;

/** A reduction of nodes, and of tensors known in advance where `fold` is given. */
const reduction =
  (make: Reduction, fold?: (values: readonly Dim[]) => Dim): Importer =>
  (call) => {
    const x = value(call, 0);
    const given = integers(call, 1, 'axes');
    if (!given?.length && intAttr(call, 'noop_with_empty_axes', 0)) return x;
    const axes = given?.length ? given.map((a) => g.axisOf(a, x.shape.length)) : x.shape.map((_, i) => i);
    const keepDims = intAttr(call, 'keepdims', 1) === 1;
    return isStatic(x) && fold ? reduced(x, axes, keepDims, fold) : make(toNode(x), axes, keepDims);
  };

const pairwise = (f: DimOp) => (values: readonly Dim[]) => values.reduce(f);

const product: Reduction = (x, axes) => {
  throw new g.GraphError(`no product over the axes ${g.formatShape(axes)} of ${g.formatShape(x.shape)}`);
};

export const reduce: Record<string, Importer> = {
  ReduceSum: reduction(g.reduceSum, pairwise(addDims)),
  ReduceMean: reduction(g.reduceMean),
  ReduceMax: reduction(g.reduceMax, pairwise(onNumbers(Math.max))),
  ReduceMin: reduction((x, axes, keep) => g.neg(g.reduceMax(g.neg(x), axes, keep)), pairwise(onNumbers(Math.min))),
  ReduceProd: reduction(product, pairwise(multiplyDims)),
  ReduceL1: reduction((x, axes, keep) => g.reduceSum(g.abs(x), axes, keep)),
  ReduceL2: reduction((x, axes, keep) => g.sqrt(g.reduceSum(g.mul(x, x), axes, keep))),
  ReduceSumSquare: reduction((x, axes, keep) => g.reduceSum(g.mul(x, x), axes, keep)),
};
