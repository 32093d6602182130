import { float, int, ints, step, text, weights } from '../build.ts';
import { one, steps } from './case.ts';

const kernel = weights([6, 4, 3, 3]);
const up = weights([4, 3, 3, 3]);
const flat = step('GlobalAveragePool', ['x'], {}, 'p');
const features = step('Flatten', ['p'], {}, 'f');
const gemm = (title: string, w: readonly number[], c: readonly number[], attributes: Parameters<typeof step>[2]) =>
  steps(title, [flat, features, step('Gemm', ['f', weights(w), weights(c)], attributes)]);

export const linear = [
  one('Conv', 'Conv', ['x', kernel, weights([6])]),
  one('Conv without bias, strided and padded unevenly', 'Conv', ['x', kernel], {
    strides: ints(2, 1),
    pads: ints(1, 0, 2, 1),
  }),
  one('Conv with dilations', 'Conv', ['x', kernel], { dilations: ints(2, 1), pads: ints(2, 2, 2, 2) }),
  one('Conv of groups', 'Conv', ['x', weights([6, 2, 3, 3])], { group: int(2) }),
  ...['SAME_UPPER', 'SAME_LOWER', 'VALID'].map((mode) =>
    one(`Conv ${mode}`, 'Conv', ['x', weights([6, 4, 3, 2])], { auto_pad: text(mode), strides: ints(2, 2) }),
  ),
  one('ConvTranspose', 'ConvTranspose', ['x', up, weights([3])], { strides: ints(2, 2) }),
  one('ConvTranspose padded', 'ConvTranspose', ['x', up], {
    strides: ints(2, 3),
    pads: ints(1, 0, 1, 2),
    output_padding: ints(1, 1),
  }),
  one('ConvTranspose of groups, dilated', 'ConvTranspose', ['x', weights([4, 3, 3, 3])], {
    group: int(2),
    dilations: ints(2, 1),
  }),
  one('ConvTranspose SAME_UPPER', 'ConvTranspose', ['x', up], { strides: ints(2, 2), auto_pad: text('SAME_UPPER') }),
  one('ConvTranspose to a size', 'ConvTranspose', ['x', up], { strides: ints(2, 2), output_shape: ints(12, 14) }),
  gemm('Gemm', [4, 5], [5], {}),
  gemm('Gemm transposed, scaled', [5, 4], [5], { transB: int(1), alpha: float(0.5), beta: float(2) }),
  gemm('Gemm with a row as offset', [4, 5], [1, 5], {}),
  gemm('Gemm with one number as offset', [4, 5], [1], {}),
  steps('Gemm without offset', [flat, features, step('Gemm', ['f', weights([4, 5])])]),
  steps('Gemm of the transposed', [
    flat,
    features,
    step('Transpose', ['f'], {}, 't'),
    step('Gemm', ['t', weights([4, 5])], { transA: int(1) }),
  ]),
  one('MatMul by a matrix', 'MatMul', ['x', weights([7, 5])]),
  one('MatMul from the left', 'MatMul', [weights([5, 6]), 'x']),
  steps('MatMul of two pictures', [
    step('Transpose', ['x'], { perm: ints(0, 1, 3, 2) }, 't'),
    step('MatMul', ['x', 't']),
  ]),
];
