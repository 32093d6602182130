import * as b from '../build.ts';
import { register, type Node } from '../node.ts';
import { broadcast, fixed, formatShape, product, sameShape, sum, type Dim } from '../shape.ts';
import { expectIndices } from './expect.ts';

/** Puts the entries of y at `start, start+step, ...` of an axis of the given size, zeros elsewhere: the transposed map of `slice`. */
function unslice(y: Node, axis: number, start: number, step: number, size: number): Node {
  const count = b.sizeAlong(y, axis);
  const amounts = (rank: number, at: number, n: number) => Array.from({ length: rank }, (_, i) => (i === at ? n : 0));
  let spread = y;
  if (step > 1) {
    const rank = y.shape.length;
    const apart = b.reshape(y, [...y.shape.slice(0, axis + 1), 1, ...y.shape.slice(axis + 1)]);
    const padded = b.pad(apart, amounts(rank + 1, axis + 1, 0), amounts(rank + 1, axis + 1, step - 1));
    spread = b.reshape(padded, [...y.shape.slice(0, axis), count * step, ...y.shape.slice(axis + 1)]);
  }
  const rank = y.shape.length;
  return b.pad(spread, amounts(rank, axis, start), amounts(rank, axis, size - start - count * step));
}

register(
  {
    op: 'reshape',
    type: ([x], { shape }) => {
      if (product(x.shape) !== product(shape)) throw new RangeError(`cannot become ${formatShape(shape)}`);
      return { shape, dtype: x.dtype };
    },
    derivative: ({ inputs: [x] }, g) => [() => b.reshape(g, x.shape)],
  },
  {
    op: 'transpose',
    type: ([x], { perm }) => {
      if ([...perm].sort((p, q) => p - q).some((p, i) => p !== i) || perm.length !== x.shape.length)
        throw new RangeError(`${formatShape(perm)} is not a permutation of its axes`);
      return { shape: perm.map((p) => x.shape[p]), dtype: x.dtype };
    },
    derivative: ({ attrs: { perm } }, g) => [
      () =>
        b.transpose(
          g,
          perm.map((_, i) => perm.indexOf(i)),
        ),
    ],
  },
  {
    op: 'expand',
    type: ([x], { shape }) => {
      if (!sameShape(broadcast(x.shape, shape), shape))
        throw new RangeError(`does not expand to ${formatShape(shape)}`);
      return { shape, dtype: x.dtype };
    },
    derivative: ({ inputs: [x] }, g) => [() => b.sumTo(g, x.shape)],
  },
  {
    op: 'slice',
    type: ([x], { axis, start, end, step }) => {
      const size = fixed(x.shape[axis], 'a sliced axis');
      if (step < 1 || start < 0 || end > size || end < start)
        throw new RangeError(`bad slice ${start}:${end}:${step} of ${size}`);
      return { shape: x.shape.map((d, i) => (i === axis ? Math.ceil((end - start) / step) : d)), dtype: x.dtype };
    },
    derivative: ({ inputs: [x], attrs: { axis, start, step } }, g) => [
      () => unslice(g, axis, start, step, b.sizeAlong(x, axis)),
    ],
  },
  {
    op: 'pad',
    type: ([x], { before, after }) => {
      if (before.length !== x.shape.length || after.length !== x.shape.length)
        throw new RangeError('needs one amount for each axis');
      const shape = x.shape.map((d, i): Dim =>
        before[i] + after[i] === 0 ? d : fixed(d, 'a padded axis') + before[i] + after[i],
      );
      return { shape, dtype: x.dtype };
    },
    derivative: ({ inputs: [x], attrs: { before } }, g) => [
      () =>
        before.reduce(
          (y, n, axis) => (g.shape[axis] === x.shape[axis] ? y : b.slice(y, axis, n, n + b.sizeAlong(x, axis))),
          g,
        ),
    ],
  },
  {
    op: 'concat',
    type: (parts, { axis }) => {
      const [first] = parts;
      for (const p of parts)
        if (
          p.shape.length !== first.shape.length ||
          p.shape.some((d, i) => i !== axis && d !== first.shape[i]) ||
          p.dtype !== first.dtype
        )
          throw new RangeError(`does not fit together along axis ${axis}`);
      return {
        shape: first.shape.map((d, i) => (i === axis ? sum(parts.map((p) => p.shape[axis])) : d)),
        dtype: first.dtype,
      };
    },
    derivative: ({ inputs, attrs: { axis } }, g) => {
      let end = 0;
      return inputs.map((part) => {
        const start = end;
        end += b.sizeAlong(part, axis);
        return () => b.slice(g, axis, start, start + b.sizeAlong(part, axis));
      });
    },
  },
  {
    op: 'gather',
    type: ([x, indices], { axis }) => {
      expectIndices(indices);
      return { shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], dtype: x.dtype };
    },
    derivative: ({ inputs: [x, indices], attrs: { axis } }, g) => [
      () => b.scatterAdd(g, indices, axis, b.sizeAlong(x, axis)),
      null,
    ],
  },
  {
    op: 'scatterAdd',
    type: ([y, indices], { axis, size }) => {
      expectIndices(indices);
      if (!sameShape(y.shape.slice(axis, axis + indices.shape.length), indices.shape))
        throw new RangeError(`the axes from ${axis} on must be those of the indices`);
      return {
        shape: [...y.shape.slice(0, axis), size, ...y.shape.slice(axis + indices.shape.length)],
        dtype: 'float32',
      };
    },
    derivative: ({ inputs: [, indices], attrs: { axis } }, g) => [() => b.gather(g, indices, axis), null],
  },
);
