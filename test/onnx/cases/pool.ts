import { float, floatTensor, indices, int, ints, text, weights } from '../build.ts';
import { one } from './case.ts';

const square = { kernel_shape: ints(3, 3), strides: ints(2, 2) };
const positive = weights([4], 0.5, 2);
const empty = floatTensor([0], []);
const scales = floatTensor([4], [1, 1, 2, 3]);
const resize = (
  title: string,
  attributes: Parameters<typeof one>[3],
  by: Parameters<typeof one>[2] = ['x', empty, scales],
) => one(`Resize ${title}`, 'Resize', by, attributes);

export const pool = [
  one('MaxPool', 'MaxPool', ['x'], square),
  one('MaxPool, ceil', 'MaxPool', ['x'], { ...square, ceil_mode: int(1) }),
  one('MaxPool, padded, ceil', 'MaxPool', ['x'], { ...square, pads: ints(1, 1, 1, 1), ceil_mode: int(1) }),
  one('MaxPool SAME_LOWER', 'MaxPool', ['x'], { ...square, auto_pad: text('SAME_LOWER') }),
  one('AveragePool', 'AveragePool', ['x'], square),
  one('AveragePool, padded', 'AveragePool', ['x'], { ...square, pads: ints(1, 0, 1, 1) }),
  one('AveragePool, padding counted', 'AveragePool', ['x'], {
    ...square,
    pads: ints(1, 1, 1, 1),
    count_include_pad: int(1),
  }),
  one('AveragePool, ceil', 'AveragePool', ['x'], { ...square, ceil_mode: int(1) }),
  one('AveragePool SAME_UPPER', 'AveragePool', ['x'], { ...square, auto_pad: text('SAME_UPPER') }),
  one('GlobalAveragePool', 'GlobalAveragePool'),
  one('GlobalMaxPool', 'GlobalMaxPool'),
  one('BatchNormalization', 'BatchNormalization', ['x', weights([4]), weights([4]), weights([4]), positive], {
    epsilon: float(0.01),
  }),
  one('InstanceNormalization', 'InstanceNormalization', ['x', weights([4]), weights([4])], { epsilon: float(0.01) }),
  one(
    'LayerNormalization',
    'LayerNormalization',
    ['x', weights([6, 7]), weights([6, 7])],
    { axis: int(2) },
    { opset: 17 },
  ),
  one('LayerNormalization without bias', 'LayerNormalization', ['x', weights([7])], {}, { opset: 17 }),
  one('LRN', 'LRN', ['x'], { size: int(3), alpha: float(0.5), beta: float(0.6), bias: float(1.5) }),
  resize('nearest as PyTorch exports it', {
    coordinate_transformation_mode: text('asymmetric'),
    nearest_mode: text('floor'),
  }),
  resize('nearest by default', {}),
  resize('linear', { mode: text('linear') }),
  resize('linear, align_corners', { mode: text('linear'), coordinate_transformation_mode: text('align_corners') }),
  resize('linear, pytorch_half_pixel', {
    mode: text('linear'),
    coordinate_transformation_mode: text('pytorch_half_pixel'),
  }),
  resize('linear, asymmetric', { mode: text('linear'), coordinate_transformation_mode: text('asymmetric') }),
  resize('linear to a size', { mode: text('linear') }, ['x', empty, empty, indices(2, 4, 9, 5)]),
  one('Upsample', 'Upsample', ['x', scales], { mode: text('nearest') }, { opset: 9 }),
];
