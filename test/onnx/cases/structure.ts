import { dataTypes } from '../../../src/onnx/proto.ts';
import { float, floatTensor, index, indices, int, ints, scalar, step, weights } from '../build.ts';
import { one, steps } from './case.ts';

const far = 2 ** 31 - 1;
const sliced = (title: string, ...bounds: readonly number[][]) =>
  one(`Slice ${title}`, 'Slice', ['x', ...bounds.map((b) => indices(...b))]);

export const structure = [
  one('Flatten', 'Flatten'),
  one('Flatten from axis 2', 'Flatten', ['x'], { axis: int(2) }),
  one('Reshape with 0 and -1', 'Reshape', ['x', indices(0, -1, 7)]),
  one('Reshape that leaves the batch open', 'Reshape', ['x', indices(-1, 2, 2, 42)]),
  one('Transpose', 'Transpose', ['x'], { perm: ints(0, 2, 3, 1) }),
  steps('Squeeze and Unsqueeze', [
    step('GlobalAveragePool', ['x'], {}, 'p'),
    step('Squeeze', ['p', indices(3)], {}, 's'),
    step('Unsqueeze', ['s', indices(1, -1)]),
  ]),
  steps(
    'Squeeze and Unsqueeze of opset 11',
    [
      step('GlobalAveragePool', ['x'], {}, 'p'),
      step('Squeeze', ['p'], { axes: ints(2, 3) }, 's'),
      step('Unsqueeze', ['s'], { axes: ints(1) }),
    ],
    { opset: 11 },
  ),
  one('Concat', 'Concat', ['x', 'x', 'x'], { axis: int(-2) }),
  steps('Split into given parts', [
    step('Split', ['x', indices(1, 3)], { axis: int(1) }, ['a', 'b']),
    step('Concat', ['b', 'a'], { axis: int(1) }),
  ]),
  steps('Split evenly', [step('Split', ['x'], { axis: int(1) }, ['a', 'b']), step('Sub', ['b', 'a'])]),
  steps(
    'Split of opset 11',
    [
      step('Split', ['x'], { axis: int(2), split: ints(2, 4) }, ['a', 'b']),
      step('Concat', ['b', 'a'], { axis: int(2) }),
    ],
    { opset: 11 },
  ),
  sliced('of two axes', [1, -5], [far, -1], [1, 3]),
  sliced('with a step', [1, 0], [far, 6], [3, 2], [2, 3]),
  sliced('backwards', [-1, 4], [-far, 0], [1, 3], [-1, -2]),
  sliced('of everything', [0], [far], [0]),
  one('Slice of opset 9', 'Slice', ['x'], { starts: ints(1), ends: ints(3), axes: ints(2) }, { opset: 9 }),
  one('Gather of one', 'Gather', ['x', index(-1)], { axis: int(1) }),
  one('Gather of several', 'Gather', ['x', indices(2, 0, -1)], { axis: int(3) }),
  one('Pad', 'Pad', ['x', indices(0, 1, 0, 2, 0, 0, 3, 1), scalar(0.5)]),
  one('Pad that crops', 'Pad', ['x', indices(0, 0, -1, 2, 0, 0, 1, -2)]),
  one('Pad of given axes', 'Pad', ['x', indices(1, 2, 0, 1), '', indices(3, 1)], {}, { opset: 18 }),
  one('Pad of opset 9', 'Pad', ['x'], { pads: ints(0, 0, 1, 1, 0, 0, 1, 1), value: float(2) }, { opset: 9 }),
  steps('Expand', [step('GlobalAveragePool', ['x'], {}, 'p'), step('Expand', ['p', indices(1, 4, 3, 1)])]),
  one('Tile', 'Tile', ['x', indices(1, 2, 1, 3)]),
  one('Identity and Dropout', 'Dropout'),
  steps('Cast to int64 and back', [
    step('Cast', ['x'], { to: int(dataTypes.int64) }, 'i'),
    step('Cast', ['i'], { to: int(dataTypes.float32) }),
  ]),
  steps('DequantizeLinear of a weight', [
    step(
      'DequantizeLinear',
      [
        { dims: [3, 4, 1, 1], dataType: dataTypes.uint8, rawData: new Uint8Array(12).map((_, i) => 37 * i) },
        scalar(0.1),
        { dims: [], dataType: dataTypes.uint8, rawData: Uint8Array.of(128) },
      ],
      {},
      'w',
    ),
    step('Conv', ['x', 'w']),
  ]),
  steps('DequantizeLinear for each channel', [
    step(
      'DequantizeLinear',
      [
        { dims: [3, 4, 1, 1], dataType: dataTypes.int8, int32Data: [...Array(12).keys()].map((i) => 11 * i - 60) },
        weights([3], 0.1, 1),
        { dims: [3], dataType: dataTypes.int8, int32Data: [-3, 0, 5] },
      ],
      { axis: int(0) },
      'w',
    ),
    step('Conv', ['x', 'w']),
  ]),
  steps('half and double weights', [
    step(
      'Cast',
      [
        {
          dims: [4],
          dataType: dataTypes.float16,
          rawData: Uint8Array.of(0x00, 0x3c, 0x00, 0xc1, 0xff, 0x03, 0x66, 0x2e),
        },
      ],
      { to: int(1) },
      'h',
    ),
    step('Cast', [{ dims: [1], dataType: dataTypes.float64, doubleData: [1 / 3] }], { to: int(1) }, 'd'),
    step('Mul', ['h', 'd'], {}, 'w'),
    step('Reshape', ['w', indices(4, 1, 1)], {}, 'v'),
    step('Mul', ['x', 'v']),
  ]),
  one('a constant of one value', 'Add', ['x', floatTensor([1, 1, 1, 1], [3])]),
];
