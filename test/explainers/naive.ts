import { topological, type Node } from '../../src/graph/index.ts';
import type { Model } from '../../src/model/model.ts';

/** A picture of many channels, written out: `values[c][y][x]`. */
export type Volume = number[][][];

/** One layer of a chain of 3x3 convolutions with padding 1, ReLUs and 2x2 max pools. */
export type Layer =
  | { readonly kind: 'conv'; readonly w: number[][][][]; readonly b: number[] }
  | { readonly kind: 'relu' }
  | { readonly kind: 'pool' };

/** A small net as loops over plain numbers: a chain of layers, the mean over positions, a dense layer. */
export interface Chain {
  readonly layers: readonly Layer[];
  /** `[features][classes]`. */
  readonly dense: number[][];
  readonly bias: number[];
}

/** Numbers in nested lists of the given lengths. */
function nested(data: ArrayLike<number>, [first, ...rest]: readonly number[]): unknown {
  const size = data.length / first;
  const values = Array.from(data);
  return Array.from({ length: first }, (_, i) =>
    rest.length ? nested(values.slice(i * size, (i + 1) * size), rest) : values[i],
  );
}
const numbers = (node: Node): unknown => {
  if (node.op !== 'constant') throw new Error(`${node.op} is no constant`);
  return nested(node.attrs.data, node.attrs.shape);
};

/** The nets `plain` and `pooled` of nets.ts as chains. */
export function chainOf(model: Model): Chain {
  const layers: Layer[] = [];
  for (const { op, inputs } of topological([model.logits])) {
    if (op === 'conv')
      layers.push({ kind: 'conv', w: numbers(inputs[1]) as number[][][][], b: numbers(inputs[2]) as number[] });
    if (op === 'relu') layers.push({ kind: 'relu' });
    if (op === 'maxPool') layers.push({ kind: 'pool' });
  }
  const [, weight, bias] = model.logits.inputs;
  return { layers, dense: numbers(weight) as number[][], bias: numbers(bias) as number[] };
}

export const volume = (data: ArrayLike<number>, c: number, h: number, w: number): Volume =>
  nested(data, [c, h, w]) as Volume;
export const zip = (f: (...v: number[]) => number, ...volumes: Volume[]): Volume =>
  volumes[0].map((map, c) => map.map((row, y) => row.map((_, x) => f(...volumes.map((v) => v[c][y][x])))));
export const total = (v: Volume): number => v.flat(2).reduce((a, b) => a + b, 0);
export const flat = (v: Volume): number[] => v.flat(2);

/** Visits what connects an input to an output of a convolution: output channel, y, x; input channel, y, x; weight. */
function eachTap(
  w: number[][][][],
  height: number,
  width: number,
  visit: (o: number, y: number, x: number, c: number, v: number, u: number, weight: number) => void,
): void {
  w.forEach((kernels, o) =>
    kernels.forEach((kernel, c) =>
      kernel.forEach((row, i) =>
        row.forEach((weight, j) => {
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++) {
              const [v, u] = [y + i - 1, x + j - 1];
              if (v >= 0 && v < height && u >= 0 && u < width) visit(o, y, x, c, v, u, weight);
            }
        }),
      ),
    ),
  );
}

const zeros = (c: number, h: number, w: number): Volume =>
  Array.from({ length: c }, () => Array.from({ length: h }, () => new Array<number>(w).fill(0)));

/** The first largest place of each 2x2 window. */
export function places(x: Volume): { y: number; x: number }[][][] {
  return x.map((map) =>
    Array.from({ length: map.length / 2 }, (_, i) =>
      Array.from({ length: map[0].length / 2 }, (_, j) => {
        const window = [0, 1, 2, 3].map((k) => ({ y: 2 * i + (k >> 1), x: 2 * j + (k & 1) }));
        return window.reduce((best, p) => (map[p.y][p.x] > map[best.y][best.x] ? p : best));
      }),
    ),
  );
}

function apply(layer: Layer, x: Volume): Volume {
  if (layer.kind === 'relu') return zip((v) => Math.max(v, 0), x);
  if (layer.kind === 'pool') return places(x).map((rows, c) => rows.map((row) => row.map((p) => x[c][p.y][p.x])));
  const y = layer.b.map((b) => x[0].map((row) => row.map(() => b)));
  eachTap(layer.w, x[0].length, x[0][0].length, (o, i, j, c, v, u, weight) => (y[o][i][j] += weight * x[c][v][u]));
  return y;
}

/** The picture and the result of each layer. */
export const forward = (chain: Chain, x: Volume): Volume[] =>
  chain.layers.reduce<Volume[]>((values, layer) => [...values, apply(layer, values[values.length - 1])], [x]);

export const logitOf = ({ dense, bias }: Chain, features: Volume, label: number): number =>
  features.reduce((s, map, c) => s + (dense[c][label] * total([map])) / flat([map]).length, bias[label]);

export const chainLogit = (chain: Chain, x: Volume, label: number): number =>
  logitOf(chain, forward(chain, x).at(-1)!, label);

/** Puts a cotangent `[c][h/2][w/2]` to places in `[c][h][w]`. */
export function unpool(t: Volume, at: ReturnType<typeof places>): Volume {
  const result = zeros(t.length, t[0].length * 2, t[0][0].length * 2);
  t.forEach((map, c) => map.forEach((row, y) => row.forEach((v, x) => (result[c][at[c][y][x].y][at[c][y][x].x] += v))));
  return result;
}

/** What a layer makes of a cotangent; the i-th layer's input and result are values i and i+1 of the forward pass. */
export type Rule = (i: number, t: Volume) => Volume;

/** The cotangents of the picture and of each layer's result, given a rule for ReLU and one for pools. */
export function backward(chain: Chain, values: readonly Volume[], label: number, relu: Rule, pool: Rule): Volume[] {
  const last = values[values.length - 1];
  let t: Volume = last.map((map, c) => map.map((row) => row.map(() => chain.dense[c][label] / flat([map]).length)));
  const cotangents = [t];
  for (let i = chain.layers.length - 1; i >= 0; i--) {
    const layer = chain.layers[i];
    if (layer.kind === 'conv') {
      const x = zeros(values[i].length, values[i][0].length, values[i][0][0].length);
      const from = t;
      eachTap(
        layer.w,
        x[0].length,
        x[0][0].length,
        (o, y, z, c, v, u, weight) => (x[c][v][u] += weight * from[o][y][z]),
      );
      t = x;
    } else t = layer.kind === 'relu' ? relu(i, t) : pool(i, t);
    cotangents.unshift(t);
  }
  return cotangents;
}

/** The derivative's own rules. */
export const ordinary = (values: readonly Volume[]): [relu: Rule, pool: Rule] => [
  (i, t) => zip((v, z) => (z > 0 ? v : 0), t, values[i]),
  (i, t) => unpool(t, places(values[i])),
];
