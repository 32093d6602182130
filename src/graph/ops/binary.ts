import * as b from '../build.ts';
import { register, type DType, type Node, type TensorType } from '../node.ts';
import { broadcast } from '../shape.ts';

const broadcastAs =
  (dtype?: DType) =>
  (inputs: readonly Node[]): TensorType => {
    if (inputs.some((i) => i.dtype !== inputs[0].dtype))
      throw new RangeError(`mixed types ${inputs.map((i) => i.dtype).join(' and ')}`);
    return { shape: broadcast(...inputs.map((i) => i.shape)), dtype: dtype ?? inputs[0].dtype };
  };

/** The transposed map of broadcasting an operand. */
const to = (operand: Node, g: Node): Node => b.sumTo(g, operand.shape);
const select = (condition: Node, g: Node): Node => b.mul(g, b.cast(condition, 'float32'));

register(
  { op: 'add', type: broadcastAs(), derivative: ({ inputs: [x, y] }, g) => [() => to(x, g), () => to(y, g)] },
  { op: 'sub', type: broadcastAs(), derivative: ({ inputs: [x, y] }, g) => [() => to(x, g), () => to(y, b.neg(g))] },
  {
    op: 'mul',
    type: broadcastAs(),
    derivative: ({ inputs: [x, y] }, g) => [() => to(x, b.mul(g, y)), () => to(y, b.mul(g, x))],
  },
  {
    op: 'div',
    type: broadcastAs(),
    derivative: ({ inputs: [x, y] }, g) => [
      () => to(x, b.div(g, y)),
      () => to(y, b.neg(b.div(b.mul(g, b.div(x, y)), y))),
    ],
  },
  {
    op: 'pow',
    type: broadcastAs(),
    derivative: (node, g) => {
      const [x, y] = node.inputs;
      // x^y log x is 0 at x = 0, and below as in TensorFlow, where log alone would give NaN.
      const logarithm = () => b.log(b.where(b.greater(x, 0), x, b.full(x, 1)));
      // 0 x^(0-1) is 0 at x = 0 too, where it would be 0 times infinity. At other x it stays as it is where y varies: its derivative in y is x^(0-1).
      const vanishes = () => (y.op === 'constant' ? b.equal(y, 0) : b.and(b.equal(y, 0), b.equal(x, 0)));
      const lower = () => b.where(vanishes(), 1, b.sub(y, 1));
      return [
        () => to(x, b.mul(g, b.mul(y, b.pow(x, lower())))),
        () => to(y, b.mul(g, b.mul(node as Node, logarithm()))),
      ];
    },
  },
  // Ties: minimum and maximum send the whole derivative to the first operand.
  {
    op: 'minimum',
    type: broadcastAs(),
    derivative: ({ inputs: [x, y] }, g) => [
      () => to(x, select(b.greaterEqual(y, x), g)),
      () => to(y, select(b.greater(x, y), g)),
    ],
  },
  {
    op: 'maximum',
    type: broadcastAs(),
    derivative: ({ inputs: [x, y] }, g) => [
      () => to(x, select(b.greaterEqual(x, y), g)),
      () => to(y, select(b.greater(y, x), g)),
    ],
  },
  { op: 'greater', type: broadcastAs('bool') },
  { op: 'greaterEqual', type: broadcastAs('bool') },
  { op: 'equal', type: broadcastAs('bool') },
  {
    op: 'and',
    type: (inputs) => {
      if (inputs.some((i) => i.dtype !== 'bool')) throw new RangeError('needs bool');
      return broadcastAs()(inputs);
    },
  },
  {
    op: 'where',
    type: ([condition, x, y]) => {
      if (condition.dtype !== 'bool') throw new RangeError(`the condition must be bool, not ${condition.dtype}`);
      if (x.dtype !== y.dtype) throw new RangeError(`mixed types ${x.dtype} and ${y.dtype}`);
      return { shape: broadcast(condition.shape, x.shape, y.shape), dtype: x.dtype };
    },
    derivative: ({ inputs: [condition, x, y] }, g) => [
      null,
      () => to(x, select(condition, g)),
      () => to(y, select(b.not(condition), g)),
    ],
  },
);
