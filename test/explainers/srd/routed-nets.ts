import * as g from '../../../src/graph/index.ts';
import type { Node } from '../../../src/graph/index.ts';
import { layersBetween, type Model } from '../../../src/model/model.ts';
import type { Rng } from '../../../src/numeric/random.ts';
import { layers } from '../nets.ts';

interface Parts extends ReturnType<typeof layers> {
  /** x less its mean, over its deviation along an axis, times weights. */
  norm(x: Node, axis: number): Node;
  /** A constant that is there with biases only. */
  offset(x: Node): Node;
  values(shape: readonly number[]): Node;
}

/** What the head reads, [N,D]. */
type Body = (x: Node, l: Parts) => Node;

function model(name: string, rng: Rng, bias: boolean, body: Body): Model {
  const pixels = g.input('pixels', ['N', 3, 4, 4]);
  const input = g.add(g.mul(pixels, 4), -2);
  const l = layers(rng, bias);
  const values = (shape: readonly number[]) =>
    g.constant(
      Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 0.5 + rng.uniform()),
      shape,
    );
  const along = (x: Node, axis: number) => values(x.shape.map((_, i) => (i === axis ? g.sizeAlong(x, axis) : 1)));
  const parts: Parts = {
    ...l,
    values,
    offset: (x) => (bias ? g.add(x, values([1, ...(x.shape.slice(1) as number[])])) : x),
    norm(x, axis) {
      const centred = g.sub(x, g.reduceMean(x, [axis], true));
      const deviation = g.sqrt(g.add(g.reduceMean(g.mul(centred, centred), [axis], true), 1e-6));
      const y = g.mul(g.div(centred, g.named(deviation, 'fixed deviation')), along(x, axis));
      return bias ? g.add(y, along(x, axis)) : y;
    },
  };
  const pooled = body(input, parts);
  const logits = l.dense(pooled, 4);
  return {
    name,
    pixels,
    input,
    logits,
    layers: layersBetween(input, logits),
    size: [4, 4],
    classes: 4,
    notes: [],
    hash: name,
  };
}

/** ConvNeXt: depthwise convolution, norm over channels, GELU between dense layers in [N,H,W,C], layer scale, skip. */
function convNeXtBlock(x: Node, l: Parts, i: number): Node {
  const deep = l.conv(x, 3, 3, { groups: 3, pads: [1, 1, 1, 1] });
  const last = l.norm(g.transpose(deep, [0, 2, 3, 1]), 3);
  const hidden = g.named(g.gelu(l.dense(last, 5)), `gelu${i}-last`);
  const scaled = g.mul(l.dense(hidden, 3), l.values([3]));
  return g.named(g.add(x, g.transpose(scaled, [0, 3, 1, 2])), `block${i}`);
}

/** Tokens [N,T,D] attend to each other with two heads, then GELU between dense layers. */
function transformerBlock(x: Node, l: Parts, i: number): Node {
  const [count, width] = [g.sizeAlong(x, 1), g.sizeAlong(x, 2)];
  const y = l.norm(x, 2);
  const heads = () => g.transpose(g.reshape(l.dense(y, width), ['N', count, 2, width / 2]), [0, 2, 1, 3]);
  const [query, key, value] = [heads(), heads(), heads()];
  const scores = g.mul(g.matmul(query, g.transpose(key, [0, 1, 3, 2])), 1 / Math.sqrt(width / 2));
  const mixed = g.matmul(g.named(g.softmax(scores), 'fixed attention'), value);
  const merged = g.reshape(g.transpose(mixed, [0, 2, 1, 3]), ['N', count, width]);
  const attended = g.add(x, l.dense(merged, width));
  const hidden = g.named(g.gelu(l.dense(l.norm(attended, 2), 5)), `gelu${i}-last`);
  return g.named(g.add(attended, l.dense(hidden, width)), `block${i}-last`);
}

/** Small nets whose linear pieces hold factors that route; those are called `fixed...`. */
export const routedNets: Record<string, (rng: Rng, options?: { bias?: boolean }) => Model> = {
  convnext: (rng, { bias = true } = {}) =>
    model('convnext', rng, bias, (x, l) => {
      const stem = l.norm(l.conv(x, 3), 1);
      const features = convNeXtBlock(convNeXtBlock(stem, l, 1), l, 2);
      return l.norm(g.reduceMean(features, [2, 3]), 1);
    }),
  gated: (rng, { bias = true } = {}) =>
    model('gated', rng, bias, (x, l) => {
      const a = g.named(g.hardSwish(l.conv(x, 4)), 'swish1');
      const b = g.named(g.hardSwish(l.conv(a, 4, 3, { groups: 4, pads: [1, 1, 1, 1] })), 'swish2');
      const squeezed = g.named(g.relu(l.conv(g.reduceMean(b, [2, 3], true), 2, 1, {})), 'squeeze');
      const gate = g.clip(g.add(g.mul(l.conv(squeezed, 4, 1, {}), 1 / 6), 0.5), 0, 1);
      const excited = l.conv(g.mul(b, g.named(gate, 'fixed gate')), 4, 1, {});
      const features = g.named(g.hardSwish(l.conv(g.add(excited, a), 5, 2, { strides: [2, 2] })), 'swish3');
      return g.reduceMean(features, [2, 3]);
    }),
  tokens: (rng, { bias = true } = {}) =>
    model('tokens', rng, bias, (x, l) => {
      const patches = l.conv(x, 4, 2, { strides: [2, 2] });
      const tokens = g.transpose(g.reshape(patches, ['N', 4, 4]), [0, 2, 1]);
      const token = g.expand(l.values([1, 1, 4]), ['N', 1, 4]);
      const all = l.offset(bias ? g.concat([token, tokens], 1) : tokens);
      const features = transformerBlock(transformerBlock(all, l, 1), l, 2);
      const read = bias ? g.slice(l.norm(features, 2), 1, 0, 1) : g.reduceMean(l.norm(features, 2), [1], true);
      return g.reshape(read, ['N', 4]);
    }),
};
