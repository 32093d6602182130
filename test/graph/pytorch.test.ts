/** Values by PyTorch 1.13 in float64 (fixtures/graph_reference.py), to twelve digits; element-wise functions to 1e-14. */
import { describe, it } from 'vitest';
import { evaluate } from '../../src/engine/reference.ts';
import * as g from '../../src/graph/index.ts';
import { expectClose, expectDerived, fixture, unpack } from './fixture.ts';

describe('layers equal those of PyTorch, with their gradients', () => {
  it.each(fixture.conv)('conv $attrs', ({ attrs, x, w, b, ...derived }) => {
    expectDerived([x, w, b], derived, ([input, weight, bias]) => g.conv(input, weight, bias, attrs));
  });

  it.each(fixture.maxPool)('maxPool $attrs', ({ attrs, x, indices, ...derived }) => {
    expectDerived([x], derived, ([input]) => g.maxPool(input, attrs));
    const input = g.input('x', x.shape);
    expectClose(evaluate([g.maxPoolIndices(input, attrs)], { x: unpack(x) })[0], indices);
  });

  it.each(fixture.avgPool)('avgPool $attrs', ({ attrs, x, ...derived }) => {
    expectDerived([x], derived, ([input]) => g.avgPool(input, attrs));
  });

  it('logSoftmax', () => {
    const { x, ...derived } = fixture.logSoftmax;
    expectDerived([x], derived, ([input]) => g.logSoftmax(input));
    expectDerived([x], derived, ([input]) => g.log(g.softmax(input)));
  });

  it.each(fixture.resize)('resize $mode $coordinates to $to', ({ mode, coordinates, to, x, ...derived }) => {
    expectDerived([x], derived, ([input]) => g.resize(input, to, mode, coordinates));
  });
});

const pointwise: Record<string, (x: g.Node) => g.Node> = {
  gelu: (x) => g.gelu(x),
  'gelu tanh': (x) => g.gelu(x, 'tanh'),
  elu: (x) => g.elu(x),
  'elu 0.7': (x) => g.elu(x, 0.7),
  leakyRelu: (x) => g.leakyRelu(x, 0.2),
  softplus: (x) => g.softplus(x),
  'softplus 3': (x) => g.softplus(x, 3),
  silu: g.silu,
  relu6: (x) => g.clip(x, 0, 6),
  'relu at 0': g.relu,
  'abs at 0': g.abs,
  erf: g.erf,
};

describe('element-wise functions equal those of PyTorch, with their first and second derivative', () => {
  it.each(Object.entries(fixture.pointwise))('%s', (name, { x, y, first, second }) => {
    const input = g.input('x', x.shape);
    const output = pointwise[name](input);
    const [slope] = g.grad(output, [input]);
    const [curvature] = g.grad(slope, [input]);
    const results = evaluate([output, slope, curvature], { x: unpack(x) });
    [y, first, second].forEach((want, i) => expectClose(results[i], want, 1e-14));
  });
});

describe('a double backward equals that of PyTorch', () => {
  it.each(['relu', 'softplus'] as const)('conv, %s, overlapping max pool, dense, softmax', (activation) => {
    const { gradients, ...tensors } = fixture.doubleBackward[activation];
    const x = g.input('x', tensors.x.shape);
    const w = g.input('w', tensors.w.shape);
    const v = g.input('v', tensors.v.shape);
    const z = g.conv(x, w, undefined, { pads: [1, 1, 1, 1] });
    const a = activation === 'relu' ? g.relu(z) : g.softplus(z, 5);
    const h = g.maxPool(a, { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceil: false });
    const p = g.softmax(g.mul(g.dense(g.reshape(h, [1, 27]), v), 0.2));
    const [explanation] = g.grad(g.slice(p, 1, 1, 2), [x]);
    const squared = g.reduceSum(g.mul(explanation, explanation));
    const results = evaluate([p, explanation, ...g.grad(squared, [x, w])], {
      x: unpack(tensors.x),
      w: unpack(tensors.w),
      v: unpack(tensors.v),
    });
    [tensors.p, tensors.explanation, ...gradients].forEach((want, i) => expectClose(results[i], want));
  });
});
