import * as b from '../build.ts';
import { register, type Node, type TensorType } from '../node.ts';
import { axisOf, fixed, formatShape, type Dim, type Shape } from '../shape.ts';

interface Reduction {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

function reducedType([x]: readonly Node[], { axes, keepDims }: Reduction): TensorType {
  axes.forEach((a) => axisOf(a, x.shape.length));
  if (new Set(axes).size < axes.length) throw new RangeError(`an axis is named twice in ${formatShape(axes)}`);
  const shape = x.shape.flatMap((d, i): Dim[] => (axes.includes(i) ? (keepDims ? [1] : []) : [d]));
  return { shape, dtype: x.dtype };
}

/** A reduced value with its axes put back as 1, so that it broadcasts against the input. */
const keep = (y: Node, x: Node, axes: readonly number[]): Node =>
  b.reshape(
    y,
    x.shape.map((d, i): Dim => (axes.includes(i) ? 1 : d)),
  );

/** The factor of a mean; over the batch axis it is not known when the graph is made. */
const count = (shape: Shape, axes: readonly number[]): number =>
  axes.reduce((n, a) => n * fixed(shape[a], 'the number of averaged values'), 1);

register(
  {
    op: 'reduceSum',
    type: reducedType,
    derivative: ({ inputs: [x], attrs }, g) => [() => b.expand(keep(g, x, attrs.axes), x.shape)],
  },
  {
    op: 'reduceMean',
    type: (inputs, attrs) => {
      count(inputs[0].shape, attrs.axes);
      return reducedType(inputs, attrs);
    },
    derivative: ({ inputs: [x], attrs }, g) => [
      () => b.expand(b.mul(keep(g, x, attrs.axes), 1 / count(x.shape, attrs.axes)), x.shape),
    ],
  },
  {
    op: 'reduceMax',
    type: reducedType,
    derivative: (node, g) => {
      const { inputs, attrs } = node;
      const [x] = inputs;
      return [
        () => {
          const largest = b.cast(b.equal(x, keep(node as Node, x, attrs.axes)), 'float32');
          return b.mul(b.div(largest, b.reduceSum(largest, attrs.axes, true)), keep(g, x, attrs.axes));
        },
      ];
    },
  },
  {
    op: 'softmax',
    type: ([x]) => ({ shape: x.shape, dtype: 'float32' }),
    derivative: (node, g) => {
      const y = node as Node;
      return [() => b.mul(y, b.sub(g, b.reduceSum(b.mul(g, y), [node.attrs.axis], true)))];
    },
  },
  {
    op: 'logSoftmax',
    type: ([x]) => ({ shape: x.shape, dtype: 'float32' }),
    derivative: ({ inputs: [x], attrs: { axis } }, g) => [
      () => b.sub(g, b.mul(b.softmax(x, axis), b.reduceSum(g, [axis], true))),
    ],
  },
);
