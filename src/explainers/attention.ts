import * as g from '../graph/index.ts';
import type { Node } from '../graph/index.ts';
import type { Model } from '../model/model.ts';
import { UserError } from '../numeric/errors.ts';

/** The attention weights of a model, each row of which sums to 1, first layer first. Throws UserError where there are none. */
export function attentionLayers(model: Model): Node[] {
  const onTheWay = g.between([model.input], [model.logits]);
  const found = g
    .topological([model.logits])
    .filter((n) => n.op === 'softmax' && n.attrs.axis === n.shape.length - 1 && n.shape.length > 2 && onTheWay.has(n));
  if (found.length === 0)
    throw new UserError(
      `model '${model.name}' has no attention: this explainer is for transformers, such as torchvision's vit_b_16`,
    );
  return found;
}

/** Self-attention among one sequence of tokens that holds the patches of the picture, row by row. */
export interface PatchAttention {
  /** Attention weights `[N,heads,T,T]`, first layer first. */
  readonly layers: readonly Node[];
  /** Height and width in patches. */
  readonly grid: g.Pair;
  /** Where in the sequence the patches start. */
  readonly start: number;
  /** Where the class token is; undefined where there are patches only. */
  readonly classToken: number | undefined;
}

/**
 * Reads off a model how its tokens lie on the picture: the last convolution before the first attention has one position for each
 * patch, and a concatenation puts further tokens before or behind them, the class token first. Throws UserError for other layouts.
 */
export function patchAttention(model: Model): PatchAttention {
  const layers = attentionLayers(model);
  const [n, , tokens] = layers[0].shape;
  const refuse = (why: string): never => {
    throw new UserError(`model '${model.name}': cannot tell which patch of the picture a token stands for: ${why}`);
  };
  if (n !== 'N' || typeof tokens !== 'number' || layers.some((l) => l.shape[2] !== tokens || l.shape[3] !== tokens))
    return refuse(
      `its attention has the shapes ${layers.map((l) => g.formatShape(l.shape)).join(', ')}, not [N,heads,T,T]`,
    );

  const order = g.topological([layers[0]]);
  const onTheWay = g.between([model.input], [layers[0]]);
  const embedding = order.findLast((node) => node.op === 'conv' && onTheWay.has(node));
  if (!embedding) return refuse('no convolution cuts it into patches');
  const grid: g.Pair = [g.sizeAlong(embedding, 2), g.sizeAlong(embedding, 3)];
  const patches = grid[0] * grid[1];
  if (tokens === patches) return { layers, grid, start: 0, classToken: undefined };

  const carriers = g.between([embedding], [layers[0]]);
  const joined = order.find(
    (node) => node.op === 'concat' && node.shape[node.attrs.axis] === tokens && carriers.has(node),
  );
  if (joined?.op !== 'concat' || tokens < patches) return refuse(`${tokens} tokens for ${grid.join('x')} patches`);
  const first = joined.inputs.findIndex((part) => carriers.has(part));
  const start = joined.inputs.slice(0, first).reduce((sum, part) => sum + g.sizeAlong(part, joined.attrs.axis), 0);
  return { layers, grid, start, classToken: start > 0 ? 0 : patches };
}

/** What the classifier reads of the tokens after the last layer, `[1,1,T]`: the class token, or else all patches evenly. */
export function readout({ layers, grid, classToken }: PatchAttention): Node {
  const tokens = g.sizeAlong(layers[0], 3);
  const evenly = 1 / (grid[0] * grid[1]);
  const weight = (t: number) => (classToken === undefined ? evenly : Number(t === classToken));
  return g.constant(
    Float32Array.from({ length: tokens }, (_, t) => weight(t)),
    [1, 1, tokens],
  );
}

/** The patches' part of weights over the tokens `[N,1,T]` as a picture `[N,1,H,W]`, bilinear. */
export function overPicture(model: Model, { grid, start }: PatchAttention, weights: Node): Node {
  const patches = g.slice(weights, 2, start, start + grid[0] * grid[1]);
  return g.resize(g.reshape(patches, ['N', 1, ...grid]), model.size);
}
