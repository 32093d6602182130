import { floatTensor, indices, int, ints, scalar, step, weights } from '../build.ts';
import { one, steps } from './case.ts';

const positive = { range: [0.1, 3] as const };
const vector = weights([4, 1, 1]);
const asFloat = step('Cast', ['b'], { to: int(1) });

export const arithmetic = [
  ...['Neg', 'Abs', 'Sign', 'Exp', 'Erf'].map((op) => one(op, op)),
  ...['Log', 'Sqrt', 'Reciprocal'].map((op) => one(op, op, ['x'], {}, positive)),
  one('Add with a vector of channels', 'Add', ['x', vector]),
  one('Add of itself', 'Add', ['x', 'x']),
  one('Sub from a constant', 'Sub', [vector, 'x']),
  one('Mul by a scalar', 'Mul', ['x', scalar(1.7)]),
  one('Div by the picture', 'Div', [vector, 'x'], {}, positive),
  one('Pow 2', 'Pow', ['x', scalar(2)]),
  one('Pow 3', 'Pow', ['x', scalar(3)]),
  one('Pow 0.5', 'Pow', ['x', scalar(0.5)], {}, positive),
  one('Pow of a vector', 'Pow', ['x', vector], {}, positive),
  one('Min of three', 'Min', ['x', vector, scalar(0.2)]),
  one('Max of three', 'Max', ['x', vector, scalar(0.2)]),
  one('Sum of three', 'Sum', ['x', vector, 'x']),
  one('Mean of two', 'Mean', ['x', vector]),
  ...['Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'].map((op) =>
    steps(op, [step(op, ['x', vector], {}, 'b'), asFloat]),
  ),
  steps('Where with And and Not', [
    step('Greater', ['x', vector], {}, 'p'),
    step('Less', ['x', scalar(1)], {}, 'q'),
    step('And', ['p', 'q'], {}, 'r'),
    step('Not', ['r'], {}, 's'),
    step('Where', ['s', 'x', vector]),
  ]),
  steps('Equal', [step('Relu', ['x'], {}, 'r'), step('Equal', ['r', 'x'], {}, 'b'), asFloat]),
  steps('arithmetic on constants', [
    step('Add', [vector, scalar(1)], {}, 'a'),
    step('Mul', ['a', floatTensor([1], [2])], {}, 'b'),
    step('Sqrt', [scalar(2)], {}, 'c'),
    step('Div', ['b', 'c'], {}, 'd'),
    step('Neg', ['d'], {}, 'e'),
    step('Mul', ['x', 'e']),
  ]),
  one('ReduceMean with axes as attribute', 'ReduceMean', ['x'], { axes: ints(2, -1) }),
  one('ReduceMean of opset 18', 'ReduceMean', ['x', indices(2, 3)], { keepdims: int(0) }, { opset: 18 }),
  one('ReduceSum with axes as input', 'ReduceSum', ['x', indices(1)]),
  one('ReduceSum of opset 11', 'ReduceSum', ['x'], { axes: ints(-2) }, { opset: 11 }),
  one('ReduceSum of no axes', 'ReduceSum', ['x'], { noop_with_empty_axes: int(1) }),
  ...['ReduceMax', 'ReduceMin', 'ReduceL1', 'ReduceL2', 'ReduceSumSquare'].map((op) =>
    one(op, op, ['x'], { axes: ints(1, 2), keepdims: int(0) }),
  ),
];
