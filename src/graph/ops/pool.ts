import * as b from '../build.ts';
import type { AvgPoolAttrs, PoolAttrs } from '../attrs.ts';
import { register, type Node, type TensorType } from '../node.ts';
import { fixed, formatShape, sameShape, type Dim } from '../shape.ts';
import { expectIndices } from './expect.ts';

/** Output size of a window sliding over one axis; with `ceil`, a last window may not start in the padding behind the picture. */
function pooled(size: Dim, axis: 0 | 1, { kernel, strides, pads, ceil }: PoolAttrs): number {
  const n = fixed(size, 'the picture size');
  // Else a window could lie in the padding altogether and have no maximum and no mean.
  if (Math.max(pads[axis], pads[axis + 2]) >= kernel[axis])
    throw new RangeError(
      `padding of ${Math.max(pads[axis], pads[axis + 2])} pixels needs a larger window than ${kernel[axis]}`,
    );
  const span = n + pads[axis] + pads[axis + 2] - kernel[axis];
  if (span < 0) throw new RangeError(`a window of ${kernel[axis]} does not fit into ${n} pixels with padding`);
  const count = (ceil ? Math.ceil(span / strides[axis]) : Math.floor(span / strides[axis])) + 1;
  return ceil && (count - 1) * strides[axis] >= n + pads[axis] ? count - 1 : count;
}

function poolType([x]: readonly Node[], attrs: PoolAttrs): TensorType {
  if (x.shape.length !== 4) throw new RangeError('the input must have 4 axes');
  const [n, c, h, w] = x.shape;
  return { shape: [n, c, pooled(h, 0, attrs), pooled(w, 1, attrs)], dtype: 'float32' };
}

const spatial = (x: Node): [number, number] => [b.sizeAlong(x, 2), b.sizeAlong(x, 3)];

/*
 * Pooling is linear once its routing is fixed. `maxPool` is `poolGather` at its own indices; `poolGather` and `poolScatter` are
 * each other's transposed map, so any order of derivative stays within the two. The same holds for `avgPool` and `avgPoolInput`.
 */
register(
  {
    op: 'maxPool',
    type: poolType,
    derivative: ({ inputs: [x], attrs }, g) => [() => b.poolScatter(g, b.maxPoolIndices(x, attrs), spatial(x))],
  },
  { op: 'maxPoolIndices', type: (inputs, attrs) => ({ ...poolType(inputs, attrs), dtype: 'int64' }) },
  {
    op: 'poolGather',
    type: ([, indices]) => {
      expectIndices(indices);
      return { shape: indices.shape, dtype: 'float32' };
    },
    derivative: ({ inputs: [x, indices] }, g) => [() => b.poolScatter(g, indices, spatial(x)), null],
  },
  {
    op: 'poolScatter',
    type: ([y, indices], { size }) => {
      expectIndices(indices);
      if (!sameShape(y.shape, indices.shape)) throw new RangeError('values and indices must have one shape');
      return { shape: [y.shape[0], y.shape[1], ...size], dtype: 'float32' };
    },
    derivative: ({ inputs: [, indices] }, g) => [() => b.poolGather(g, indices), null],
  },
  {
    op: 'avgPool',
    type: poolType,
    derivative: ({ inputs: [x], attrs }, g) => [() => b.avgPoolInput(g, spatial(x), attrs)],
  },
  {
    op: 'avgPoolInput',
    type: ([y], attrs) => {
      const result = [pooled(attrs.size[0], 0, attrs), pooled(attrs.size[1], 1, attrs)];
      if (!sameShape(y.shape.slice(2), result))
        throw new RangeError(`the pooled picture must have the shape ${formatShape(result)}`);
      return { shape: [y.shape[0], y.shape[1], ...attrs.size], dtype: 'float32' };
    },
    derivative: ({ attrs }, g) => [() => b.avgPool(g, poolOnly(attrs))],
  },
);

function poolOnly({ kernel, strides, pads, ceil, countPadding }: AvgPoolAttrs): AvgPoolAttrs {
  return { kernel, strides, pads, ceil, countPadding };
}
