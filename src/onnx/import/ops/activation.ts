import * as g from '../../../graph/index.ts';
import type { Node } from '../../../graph/index.ts';
import { sizeOf } from '../../../numeric/tensor.ts';
import { floatAttr, has, intAttr, known, node, stringAttr, value, type Call, type Importer } from '../call.ts';
import { Unsupported } from '../unsupported.ts';
import { isStatic, numbers, toNode } from '../value.ts';

const of =
  (make: (x: Node, call: Call) => Node): Importer =>
  (call) =>
    make(node(call, 0), call);

// Exporters write the largest float for a bound that is not there.
const largestFloat = 3.4028234663852886e38;

function bound(call: Call, i: number, name: string, open: number): number {
  const given = has(call, i) ? numbers(known(call, i, `a ${name}imum`))[0] : floatAttr(call, name, open);
  return Math.abs(given) >= largestFloat ? open : given;
}

const clip = of((x, call) => {
  const [min, max] = [bound(call, 1, 'min', -Infinity), bound(call, 2, 'max', Infinity)];
  return min === -Infinity && max === Infinity ? x : g.clip(x, min, max);
});

const prelu: Importer = (call) => {
  const [x, slope] = [node(call, 0), value(call, 1)];
  if (isStatic(slope) && sizeOf(slope.shape) === 1) return g.leakyRelu(x, numbers(slope)[0]);
  return g.where(g.greater(x, 0), x, g.mul(x, toNode(slope)));
};

const hardSigmoid = (x: Node, alpha: number, beta: number) => g.clip(g.add(g.mul(x, alpha), beta), 0, 1);

const selu = (x: Node, alpha: number, gamma: number) => g.mul(g.elu(x, alpha), gamma);

const gelu = of((x, call) => {
  const approximate = stringAttr(call, 'approximate', 'none');
  if (approximate !== 'none' && approximate !== 'tanh') throw new Unsupported(`has approximate = '${approximate}'`);
  return g.gelu(x, approximate);
});

/** Softmax of opset 13 along an axis; before, over all axes from that one on, taken as one. */
const normalised =
  (make: (x: Node, axis: number) => Node): Importer =>
  (call) => {
    const x = node(call, 0);
    const rank = x.shape.length;
    if (call.opset >= 13) return make(x, intAttr(call, 'axis', -1));
    const axis = g.axisOf(intAttr(call, 'axis', 1), rank);
    if (axis === rank - 1) return make(x, axis);
    return g.reshape(make(g.reshape(x, [...x.shape.slice(0, axis), g.product(x.shape.slice(axis))]), axis), x.shape);
  };

export const activation: Record<string, Importer> = {
  Relu: of((x) => g.relu(x)),
  LeakyRelu: of((x, call) => g.leakyRelu(x, floatAttr(call, 'alpha', 0.01))),
  PRelu: prelu,
  Elu: of((x, call) => g.elu(x, floatAttr(call, 'alpha', 1))),
  Selu: of((x, call) =>
    selu(x, floatAttr(call, 'alpha', 1.6732632423543772), floatAttr(call, 'gamma', 1.0507009873554805)),
  ),
  Gelu: gelu,
  Sigmoid: of((x) => g.sigmoid(x)),
  HardSigmoid: of((x, call) => hardSigmoid(x, floatAttr(call, 'alpha', 0.2), floatAttr(call, 'beta', 0.5))),
  HardSwish: of((x) => g.hardSwish(x)),
  Mish: of((x) => g.mish(x)),
  Tanh: of((x) => g.tanh(x)),
  Softplus: of((x) => g.softplus(x)),
  Clip: clip,
  Softmax: normalised(g.softmax),
  LogSoftmax: normalised(g.logSoftmax),
};
