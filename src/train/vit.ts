import {
  add,
  gelu,
  matmul,
  mul,
  named,
  reduceMean,
  relu,
  reshape,
  sizeAlong,
  slice,
  softmax,
  transpose,
  type Node,
} from '../graph/index.ts';
import type { Architecture, Layers } from './architecture.ts';
import { transformerRecipe } from './recipe.ts';

const [width, depth, heads] = [64, 3, 4];

/** `[N,T,D]` -> `[N,heads,T,D/heads]` */
function split(x: Node): Node {
  const [n, tokens, features] = x.shape;
  return transpose(reshape(x, [n, tokens, heads, (features as number) / heads]), [0, 2, 1, 3]);
}

/** Self-attention of several heads: `[N,T,D]` -> `[N,T,D]`. */
function attention(name: string, x: Node, layers: Layers): Node {
  const qkv = layers.dense(`${name}.qkv`, x, 3 * width);
  const [query, key, value] = [0, 1, 2].map((i) => split(slice(qkv, 2, i * width, (i + 1) * width)));
  const scores = matmul(mul(query, Math.sqrt(heads / width)), transpose(key, [0, 1, 3, 2]));
  const mixed = matmul(named(softmax(scores), `${name}.softmax`), value);
  return layers.dense(`${name}.out`, reshape(transpose(mixed, [0, 2, 1, 3]), x.shape), width);
}

/** Attention, then two linear layers with GELU in between; each is added to its input, and reads it normalised. */
function block(name: string, x: Node, layers: Layers): Node {
  const seen = add(x, attention(`${name}.attention`, layers.layerNorm(`${name}.norm1`, x), layers));
  const wide = layers.dense(`${name}.mlp1`, layers.layerNorm(`${name}.norm2`, seen), 2 * width);
  return named(add(seen, layers.dense(`${name}.mlp2`, named(gelu(wide), `${name}.gelu`), width)), name);
}

/** Channels and strides of the convolutions in front of the tokens. */
const stem = [
  [24, 2],
  [48, 2],
  [64, 2],
  [64, 1],
];

/** 8x8 tokens, one for each patch of 8x8 pixels, with learned positions: `[N,64,D]`. */
function tokens(pixels: Node, layers: Layers): Node {
  let x = pixels;
  stem.forEach(([channels, stride], i) => {
    x = named(relu(layers.convNorm(`stem.conv${i + 1}`, x, channels, 3, stride)), `stem.relu${i + 1}`);
  });
  const grid = layers.patches('patches', x, width, 1);
  const [n, features] = grid.shape;
  const count = sizeAlong(grid, 2) * sizeAlong(grid, 3);
  const patches = transpose(reshape(grid, [n, features, count]), [0, 2, 1]);
  return named(add(patches, layers.learned('position', [1, count, width])), 'tokens');
}

/** A vision transformer (arXiv:2010.11929) behind a convolutional stem (arXiv:2106.14881); the mean token is classified. */
export const vit: Architecture = {
  name: 'scenes-vit',
  title: 'Vision transformer of 3 blocks behind 4 convolutions',
  recipe: transformerRecipe,
  logits(pixels, layers, classes) {
    let x = tokens(pixels, layers);
    for (let i = 1; i <= depth; i++) x = block(`block${i}`, x, layers);
    return layers.dense('fc', named(reduceMean(layers.layerNorm('norm', x), [1]), 'mean'), classes);
  },
};
