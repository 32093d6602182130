import * as g from '../../../graph/index.ts';
import type { Node, PoolAttrs } from '../../../graph/index.ts';
import { intAttr, intsAttr, node, type Call, type Importer } from '../call.ts';
import { Unsupported } from '../unsupported.ts';
import { windowOf } from '../window.ts';

function poolAttrs(call: Call, x: Node): PoolAttrs {
  const { kernel, strides, pads, dilations } = windowOf(call, x, intsAttr(call, 'kernel_shape'));
  if (dilations.some((d) => d !== 1))
    throw new Unsupported(`has dilations ${g.formatShape(dilations)}; only 1 is read`);
  return { kernel, strides, pads, ceil: intAttr(call, 'ceil_mode', 0) === 1 };
}

const maxPool: Importer = (call) => {
  if (call.outputs > 1) throw new Unsupported('has its Indices as a second output');
  const x = node(call, 0);
  return g.maxPool(x, poolAttrs(call, x));
};

const averagePool: Importer = (call) => {
  const x = node(call, 0);
  return g.avgPool(x, { ...poolAttrs(call, x), countPadding: intAttr(call, 'count_include_pad', 0) === 1 });
};

const positions = (x: Node): number[] => x.shape.map((_, i) => i).slice(2);

export const pool: Record<string, Importer> = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: (call) => g.reduceMean(node(call, 0), positions(node(call, 0)), true),
  GlobalMaxPool: (call) => g.reduceMax(node(call, 0), positions(node(call, 0)), true),
};
