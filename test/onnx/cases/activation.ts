import { float, floatTensor, int, scalar, text, weights } from '../build.ts';
import { one } from './case.ts';

export const activation = [
  ...['Relu', 'Sigmoid', 'Tanh', 'Softplus', 'HardSwish', 'Selu'].map((op) =>
    one(op, op, ['x'], {}, { opset: 14, range: [-5, 5] }),
  ),
  one('Mish', 'Mish', ['x'], {}, { opset: 18 }),
  one('Gelu', 'Gelu', ['x'], {}, { opset: 20 }),
  one('Gelu by tanh', 'Gelu', ['x'], { approximate: text('tanh') }, { opset: 20 }),
  one('LeakyRelu', 'LeakyRelu', ['x'], { alpha: float(0.3) }),
  one('LeakyRelu by default', 'LeakyRelu'),
  one('Elu', 'Elu', ['x'], { alpha: float(0.7) }),
  one('HardSigmoid', 'HardSigmoid', ['x'], { alpha: float(0.3), beta: float(0.4) }),
  one('PRelu of channels', 'PRelu', ['x', weights([4, 1, 1])]),
  one('PRelu of one slope', 'PRelu', ['x', floatTensor([1], [0.2])]),
  one('Clip with inputs', 'Clip', ['x', scalar(-0.5), scalar(1)]),
  one('Clip from below', 'Clip', ['x', scalar(0)]),
  one('Clip from above', 'Clip', ['x', '', scalar(1)]),
  one('Clip without bounds', 'Clip', ['x', scalar(-3.4028234663852886e38), scalar(3.4028234663852886e38)]),
  one('Clip of opset 10', 'Clip', ['x'], { min: float(0), max: float(6) }, { opset: 10, range: [-9, 9] }),
  one('Softmax', 'Softmax', ['x'], { axis: int(1) }),
  one('Softmax of opset 11', 'Softmax', ['x'], { axis: int(1) }, { opset: 11 }),
  one('Softmax of opset 11 along the last axis', 'Softmax', ['x'], { axis: int(-1) }, { opset: 11 }),
  one('LogSoftmax', 'LogSoftmax'),
];
