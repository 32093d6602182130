import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import { layersBetween, type Model } from '../../src/model/model.ts';
import type { Rng } from '../../src/numeric/random.ts';

const pool = { kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0], ceil: false } as const;

export interface NetOptions {
  readonly size?: number;
  readonly bias?: boolean;
  readonly activation?: (x: Node) => Node;
  /** Normalisation of the pixels; by default there is none. */
  readonly normalise?: boolean;
}

/** Builds layers with random weights, float64 so that checks can be tight. */
function layers(rng: Rng, bias: boolean) {
  const values = (shape: readonly number[], scale: number) =>
    g.constant(
      Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => scale * rng.normal()),
      shape,
    );
  return {
    conv(x: Node, out: number, kernel = 3, attrs: Partial<g.ConvAttrs> = { pads: [1, 1, 1, 1] }) {
      const groups = attrs.groups ?? 1;
      const channels = g.sizeAlong(x, 1) / groups;
      const weight = values([out, channels, kernel, kernel], Math.sqrt(2 / (channels * kernel * kernel)));
      return g.conv(x, weight, bias ? values([out], 0.2) : undefined, attrs);
    },
    dense: (x: Node, out: number) =>
      g.dense(
        x,
        values([g.sizeAlong(x, 1), out], Math.sqrt(1 / g.sizeAlong(x, 1))),
        bias ? values([out], 0.2) : undefined,
      ),
  };
}

/** Wraps a body into a model: pixels -> features -> global average -> dense. */
function model(
  name: string,
  rng: Rng,
  body: (x: Node, l: ReturnType<typeof layers>, act: (x: Node, name: string) => Node) => Node,
  options: NetOptions,
): Model {
  const { size = 6, bias = true, activation = g.relu, normalise = false } = options;
  const pixels = g.input('pixels', ['N', 3, size, size]);
  const input = normalise ? g.add(g.mul(pixels, 4), -2) : pixels;
  const l = layers(rng, bias);
  const features = body(input, l, (x, layer) => g.named(activation(x), layer));
  const logits = l.dense(g.reduceMean(features, [2, 3]), 4);
  return {
    name,
    pixels,
    input,
    logits,
    layers: layersBetween(input, logits),
    size: [size, size],
    classes: 4,
    notes: [],
    hash: name,
  };
}

/** Small nets that hold each structure that explainers must understand. */
export const nets: Record<string, (rng: Rng, options?: NetOptions) => Model> = {
  plain: (rng, options = {}) =>
    model('plain', rng, (x, l, act) => act(l.conv(act(l.conv(x, 4), 'relu1'), 5), 'relu2'), options),
  pooled: (rng, options = {}) =>
    model('pooled', rng, (x, l, act) => act(l.conv(g.maxPool(act(l.conv(x, 4), 'relu1'), pool), 5), 'relu2'), options),
  averaged: (rng, options = {}) =>
    model(
      'averaged',
      rng,
      (x, l, act) => act(l.conv(g.avgPool(act(l.conv(x, 4), 'relu1'), { ...pool, countPadding: true }), 5), 'relu2'),
      options,
    ),
  skip: (rng, options = {}) =>
    model(
      'skip',
      rng,
      (x, l, act) => {
        const a = act(l.conv(x, 4), 'relu1');
        const b = act(l.conv(a, 4), 'relu2');
        return act(g.add(l.conv(b, 4), a), 'relu3');
      },
      options,
    ),
  concatenated: (rng, options = {}) =>
    model(
      'concatenated',
      rng,
      (x, l, act) => {
        const a = act(l.conv(x, 4), 'squeeze');
        const joined = g.concat([act(l.conv(a, 3, 1, {}), 'expand1'), act(l.conv(a, 3), 'expand3')], 1);
        return act(l.conv(joined, 5), 'relu3');
      },
      options,
    ),
  joint: (rng, options = {}) =>
    model(
      'joint',
      rng,
      (x, l, act) => {
        const a = act(l.conv(x, 4), 'squeeze');
        return g.named(g.concat([act(l.conv(a, 3, 1, {}), 'expand1'), act(l.conv(a, 3), 'expand3')], 1), 'concat');
      },
      options,
    ),
  strided: (rng, options = {}) =>
    model(
      'strided',
      rng,
      (x, l, act) =>
        act(
          l.conv(act(l.conv(x, 4, 3, { strides: [2, 2], pads: [1, 1, 1, 1] }), 'relu1'), 4, 3, {
            groups: 4,
            pads: [1, 1, 1, 1],
          }),
          'relu2',
        ),
      options,
    ),
};
