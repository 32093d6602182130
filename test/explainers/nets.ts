import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import { layersBetween, type Model } from '../../src/model/model.ts';
import type { Rng } from '../../src/numeric/random.ts';
import { layerNorm } from '../../src/train/layer-norm.ts';

const pool = { kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0], ceil: false } as const;

export interface NetOptions {
  readonly size?: number;
  readonly bias?: boolean;
  readonly activation?: (x: Node) => Node;
  /** Normalisation of the pixels; by default there is none. */
  readonly normalise?: boolean;
}

/** Builds layers with random weights, float64 so that checks can be tight. */
export function layers(rng: Rng, bias: boolean) {
  const values = (shape: readonly number[], scale: number) =>
    g.constant(
      Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => scale * rng.normal()),
      shape,
    );
  return {
    values,
    conv(x: Node, out: number, kernel = 3, attrs: Partial<g.ConvAttrs> = { pads: [1, 1, 1, 1] }) {
      const groups = attrs.groups ?? 1;
      const channels = g.sizeAlong(x, 1) / groups;
      const weight = values([out, channels, kernel, kernel], Math.sqrt(2 / (channels * kernel * kernel)));
      return g.conv(x, weight, bias ? values([out], 0.2) : undefined, attrs);
    },
    dense: (x: Node, out: number) =>
      g.dense(
        x,
        values([g.sizeAlong(x, -1), out], Math.sqrt(1 / g.sizeAlong(x, -1))),
        bias ? values([out], 0.2) : undefined,
      ),
  };
}

type Layers = ReturnType<typeof layers>;
type Activate = (x: Node, name: string) => Node;

/** Wraps a classifier into a model. */
function classifier(
  name: string,
  rng: Rng,
  logitsOf: (x: Node, l: Layers, act: Activate) => Node,
  { size = 6, bias = true, activation = g.relu, normalise = false }: NetOptions,
): Model {
  const pixels = g.input('pixels', ['N', 3, size, size]);
  const input = normalise ? g.add(g.mul(pixels, 4), -2) : pixels;
  const logits = logitsOf(input, layers(rng, bias), (x, layer) => g.named(activation(x), layer));
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

/** A model of a body: pixels -> features -> global average -> dense. */
const model = (name: string, rng: Rng, body: (x: Node, l: Layers, act: Activate) => Node, options: NetOptions): Model =>
  classifier(name, rng, (x, l, act) => l.dense(g.reduceMean(body(x, l, act), [2, 3]), 4), options);

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

const [width, heads, patch] = [6, 2, 2];

/** Two blocks of attention and MLP on patches of 2x2 pixels; the class token, or else the mean token, is classified. */
function transformer(name: string, rng: Rng, classToken: boolean, options: NetOptions): Model {
  const { bias = true } = options;
  return classifier(
    name,
    rng,
    (picture, l, act) => {
      const grid = l.conv(picture, width, patch, { strides: [patch, patch] });
      const count = g.sizeAlong(grid, 2) * g.sizeAlong(grid, 3);
      const patches = g.transpose(g.reshape(grid, ['N', width, count]), [0, 2, 1]);
      // Without bias, nothing but the picture has a value.
      const start = bias ? l.values([1, 1, width], 1) : g.zeros([1, 1, width]);
      const joined = classToken ? g.concat([g.expand(start, ['N', 1, width]), patches], 1) : patches;
      const tokens = bias ? g.add(joined, l.values([1, g.sizeAlong(joined, 1), width], 0.5)) : joined;
      const norm = (x: Node) => layerNorm(x, l.values([width], 1), bias ? l.values([width], 0.2) : g.zeros([width]));
      const split = (x: Node) =>
        g.transpose(g.reshape(x, ['N', g.sizeAlong(x, 1), heads, width / heads]), [0, 2, 1, 3]);
      const attend = (x: Node, i: number) => {
        const [q, k, v] = [l.dense(x, width), l.dense(x, width), l.dense(x, width)].map(split);
        const weights = g.named(g.softmax(g.mul(g.matmul(q, g.transpose(k, [0, 1, 3, 2])), 0.8)), `attention${i}`);
        return l.dense(g.reshape(g.transpose(g.matmul(weights, v), [0, 2, 1, 3]), x.shape), width);
      };
      const block = (x: Node, i: number) => {
        const seen = g.add(x, attend(norm(x), i));
        return g.named(g.add(seen, l.dense(act(l.dense(norm(seen), 8), `mlp${i}`), width)), `block${i}`);
      };
      const last = block(block(tokens, 1), 2);
      const read = classToken ? g.reshape(g.slice(last, 1, 0, 1), ['N', width]) : g.reduceMean(last, [1]);
      return l.dense(norm(read), 4);
    },
    options,
  );
}

/** Small transformers. */
export const attentionNets: typeof nets = {
  transformer: (rng, options = {}) => transformer('transformer', rng, true, options),
  'transformer without class token': (rng, options = {}) => transformer('averaged tokens', rng, false, options),
};
