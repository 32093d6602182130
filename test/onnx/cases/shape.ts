import { dense, float, floatTensor, index, indices, int, ints, scalar, step, weights } from '../build.ts';
import { steps } from './case.ts';

const shape = step('Shape', ['x'], {}, 'shape');
const batch = step('Gather', ['shape', index(0)], {}, 'n');
const fixed = { shape: [1, 4, 6, 7] };

/** Reshape targets computed from the shape of the picture, as exporters write them, and files made for a batch of one. */
export const shapes = [
  steps('Flatten through Shape, Gather, Unsqueeze and Concat', [
    shape,
    batch,
    step('Unsqueeze', ['n', indices(0)], {}, 'n1'),
    step('Concat', ['n1', indices(-1)], { axis: int(0) }, 'target'),
    step('Reshape', ['x', 'target']),
  ]),
  steps('Flatten through Slice and ReduceProd', [
    shape,
    step('Slice', ['shape', indices(1), indices(4)], {}, 'rest'),
    step('ReduceProd', ['rest'], { axes: ints(0) }, 'size'),
    step('Concat', [indices(-1), 'size'], { axis: int(0) }, 'target'),
    step('Reshape', ['x', 'target']),
  ]),
  steps('channel shuffle with computed halves', [
    shape,
    batch,
    step('Gather', ['shape', index(1)], {}, 'c'),
    step('Div', ['c', index(2)], {}, 'half'),
    ...['half', 'n'].map((name) => step('Unsqueeze', [name, indices(0)], {}, `${name}1`)),
    step('Concat', ['n1', indices(2), 'half1', indices(6), indices(7)], { axis: int(0) }, 'target'),
    step('Reshape', ['x', 'target'], {}, 'groups'),
    step('Transpose', ['groups'], { perm: ints(0, 2, 1, 3, 4) }, 't'),
    step('Reshape', ['t', 'shape']),
  ]),
  steps('batch and channels taken as one', [
    shape,
    batch,
    step('Mul', ['n', index(4)], {}, 'nc'),
    step('Unsqueeze', ['nc', indices(0)], {}, 'nc1'),
    step('Concat', ['nc1', indices(-1)], { axis: int(0) }, 'target'),
    step('Reshape', ['x', 'target'], {}, 'rows'),
    step('Softmax', ['rows'], {}, 's'),
    step('Reshape', ['s', 'shape']),
  ]),
  steps('Expand through ConstantOfShape, Equal and Where', [
    shape,
    step('ConstantOfShape', [indices(4)], { value: dense(indices(1)) }, 'ones'),
    step('Equal', ['shape', indices(-1, -1, -1, -1)], {}, 'b'),
    step('Where', ['b', 'ones', 'shape'], {}, 'target'),
    step('Expand', [floatTensor([1, 1, 1, 7], [1, 2, 3, 4, 5, 6, 7]), 'target'], {}, 'e'),
    step('Mul', ['x', 'e']),
  ]),
  steps('zeros of the shape of the picture', [
    shape,
    step('ConstantOfShape', ['shape'], { value: dense(floatTensor([1], [0.5])) }, 'half'),
    step('Concat', ['x', 'half'], { axis: int(1) }),
  ]),
  steps('Resize to twice the size, computed in floats', [
    shape,
    step('Slice', ['shape', indices(2), indices(4), indices(0)], {}, 'hw'),
    step('Cast', ['hw'], { to: int(1) }, 'f'),
    step('Mul', ['f', scalar(2)], {}, 'g'),
    step('Floor', ['g'], {}, 'h'),
    step('Cast', ['h'], { to: int(7) }, 'i'),
    step('Slice', ['shape', indices(0), indices(2), indices(0)], {}, 'nc'),
    step('Concat', ['nc', 'i'], { axis: int(0) }, 'sizes'),
    step('Resize', ['x', '', '', 'sizes']),
  ]),
  steps('Range, Constant and Size', [
    step('Constant', [], { value_int: int(0) }, 'zero'),
    step('Constant', [], { value_ints: ints(4, 1, 1) }, 'shape411'),
    step('Constant', [], { value_float: float(0.5) }, 'half'),
    step('Size', ['shape411'], {}, 'three'),
    step('Add', ['three', index(1)], {}, 'four'),
    step('Range', ['zero', 'four', index(1)], {}, 'r'),
    step('Cast', ['r'], { to: int(1) }, 'f'),
    step('Mul', ['f', 'half'], {}, 'g'),
    step('Reshape', ['g', 'shape411'], {}, 'v'),
    step('Add', ['x', 'v']),
  ]),
  steps('a fixed batch in Reshape', [step('Reshape', ['x', indices(1, -1)])], fixed),
  steps('a fixed batch and nothing open', [step('Reshape', ['x', indices(1, 2, 2, 42)])], fixed),
  steps('a fixed batch that the target leaves open', [step('Reshape', ['x', indices(-1, 168)])], fixed),
  steps(
    'a fixed batch on the second axis',
    [
      step('Transpose', ['x'], { perm: ints(1, 0, 2, 3) }, 't'),
      step('Reshape', ['t', indices(4, 6, 7)], {}, 'u'),
      step('Softmax', ['u'], {}, 's'),
      step('Reshape', ['s', indices(4, 1, 42)], {}, 'v'),
      step('Transpose', ['v'], { perm: ints(1, 0, 2) }),
    ],
    fixed,
  ),
  // As PyTorch exports its attention: positions first, the batch second, batch and heads taken as one.
  steps(
    'attention for a fixed batch',
    [
      step('Reshape', ['x', indices(1, 4, 42)], {}, 'tokens'),
      step('Transpose', ['tokens'], { perm: ints(1, 0, 2) }, 't'),
      step('Reshape', ['t', indices(4, 42)], {}, 'rows'),
      step('Gemm', ['rows', weights([42, 42])], {}, 'g'),
      step('Reshape', ['g', indices(4, 1, 42)], {}, 'v'),
      step('Reshape', ['v', indices(4, 6, 7)], {}, 'heads'),
      step('Transpose', ['heads'], { perm: ints(1, 0, 2) }, 'q'),
      step('Transpose', ['heads'], { perm: ints(1, 2, 0) }, 'k'),
      step('MatMul', ['q', 'k'], {}, 'scores'),
      step('Softmax', ['scores'], {}, 'p'),
      step('MatMul', ['p', 'q'], {}, 'mixed'),
      step('Transpose', ['mixed'], { perm: ints(1, 0, 2) }, 'm'),
      step('Reshape', ['m', indices(4, 42)], {}, 'flat'),
      step('Reshape', ['flat', indices(4, 1, 42)], {}, 'out'),
      step('Transpose', ['out'], { perm: ints(1, 0, 2) }),
    ],
    fixed,
  ),
  steps(
    'windows for a fixed batch',
    [
      step('Reshape', ['x', indices(1, 4, 2, 3, 7)], {}, 'a'),
      step('Transpose', ['a'], { perm: ints(0, 2, 3, 4, 1) }, 'b'),
      step('Reshape', ['b', indices(2, 21, 4)], {}, 'windows'),
      step('Softmax', ['windows'], { axis: int(1) }, 's'),
      step('Reshape', ['s', indices(1, 2, 21, 4)]),
    ],
    fixed,
  ),
  steps(
    'a class token for a fixed batch',
    [
      step('Reshape', ['x', indices(1, 24, 7)], {}, 'tokens'),
      step('Concat', [floatTensor([1, 1, 7], [1, 2, 3, 4, 5, 6, 7]), 'tokens'], { axis: int(1) }),
    ],
    fixed,
  ),
];
