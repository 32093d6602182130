import * as g from '../../../graph/index.ts';
import type { Node } from '../../../graph/index.ts';
import { floatAttr, has, intAttr, node, value, type Importer } from '../call.ts';
import { isStatic, numbers, toNode } from '../value.ts';

/** A vector of one value for each channel, in a shape that broadcasts along axis 1. */
const alongChannels = (v: Node, x: Node): Node =>
  g.reshape(
    v,
    x.shape.map((_, i) => (i === 1 ? v.shape[0] : 1)),
  );

/** Inference: `x * s + t`, s = scale / sqrt(variance + epsilon), t = bias - mean * s. */
const batchNormalization: Importer = (call) => {
  const x = node(call, 0);
  const epsilon = floatAttr(call, 'epsilon', 1e-5);
  const parameters = [1, 2, 3, 4].map((i) => value(call, i));
  if (parameters.every(isStatic)) {
    const [scale, bias, mean, variance] = parameters.map(numbers);
    const s = Float64Array.from(scale, (v, c) => v / Math.sqrt(variance[c] + epsilon));
    const t = Float32Array.from(bias, (v, c) => v - mean[c] * s[c]);
    const shape = x.shape.map((_, i) => (i === 1 ? s.length : 1));
    return g.add(g.mul(x, g.constant(Float32Array.from(s), shape)), g.constant(t, shape));
  }
  const [scale, bias, mean, variance] = parameters.map((p) => alongChannels(toNode(p), x));
  return g.add(g.mul(g.div(g.sub(x, mean), g.sqrt(g.add(variance, epsilon))), scale), bias);
};

/** x less its mean, divided by its standard deviation over the axes. */
function standardised(x: Node, axes: readonly number[], epsilon: number): Node {
  const centred = g.sub(x, g.reduceMean(x, axes, true));
  const variance = g.reduceMean(g.mul(centred, centred), axes, true);
  return g.div(centred, g.sqrt(g.add(variance, epsilon)));
}

const instanceNormalization: Importer = (call) => {
  const x = node(call, 0);
  const axes = x.shape.map((_, i) => i).slice(2);
  const y = standardised(x, axes, floatAttr(call, 'epsilon', 1e-5));
  return g.add(g.mul(y, alongChannels(node(call, 1), x)), alongChannels(node(call, 2), x));
};

const layerNormalization: Importer = (call) => {
  const x = node(call, 0);
  const first = g.axisOf(intAttr(call, 'axis', -1), x.shape.length);
  const axes = x.shape.map((_, i) => i).slice(first);
  const y = g.mul(standardised(x, axes, floatAttr(call, 'epsilon', 1e-5)), node(call, 1));
  return has(call, 2) ? g.add(y, node(call, 2)) : y;
};

/** Across channels: x / (bias + alpha/size * sum of squares of neighbouring channels)^beta, the sum being a 1x1 convolution. */
const localResponse: Importer = (call) => {
  const x = node(call, 0);
  const size = intAttr(call, 'size', 1);
  const channels = g.sizeAlong(x, 1);
  const band = new Float32Array(channels * channels);
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  for (let c = 0; c < channels; c++)
    for (let d = Math.max(c - before, 0); d <= Math.min(c + after, channels - 1); d++) band[c * channels + d] = 1;
  const squares = g.conv(g.mul(x, x), g.constant(band, [channels, channels, 1, 1]));
  const base = g.add(g.mul(squares, floatAttr(call, 'alpha', 1e-4) / size), floatAttr(call, 'bias', 1));
  return g.div(x, g.pow(base, floatAttr(call, 'beta', 0.75)));
};

export const normalise: Record<string, Importer> = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  LRN: localResponse,
};
