import { z } from 'zod';
import * as g from '../graph/index.ts';
import type { BackwardRule, Node } from '../graph/index.ts';
import { featureAxis, isActivation, type Model } from '../model/model.ts';
import { UserError } from '../numeric/errors.ts';
import { targetLogit, type AttributionContext } from './explainer.ts';
import { asPicture, gridOfTarget, joinedActivations, targetLayer } from './layers.ts';
import { linearParts } from './linear-part.ts';
import { routing } from './routing.ts';
import { stableRatio } from './stable-ratio.ts';

/** Options that SRD and SRD-APOP share; where the paper leaves a choice open, the default is the first named. */
export const sharingRatioOptions = z.strictObject({
  /** Target layer; by default the last activation with more than one position. */
  layer: z.string().optional(),
  /** Row and column of one position of the target layer: its effective receptive field is drawn instead of the saliency of a class. */
  position: z.tuple([z.int().nonnegative(), z.int().nonnegative()]).optional(),
  /** Layer whose positions the map is drawn at, resized to the picture; `target` is the target layer. By default the pixels. */
  at: z.string().optional(),
  /** What the bias of a linear piece gets: its share is lost, or the shares of the others are scaled up to sum to 1. */
  bias: z.enum(['ignore', 'renormalise']).default('ignore'),
  /** Where max pooling sends relevance: to the largest value, or to all of a window in proportion (where none can be negative). */
  pooling: z.enum(['argmax', 'proportional']).default('argmax'),
  /** Relevance of a target position: the gradient times the feature vector after (`post`) or before (`pre`) the activation. */
  relevance: z.enum(['post', 'pre']).default('post'),
});
export type SharingRatioOptions = z.infer<typeof sharingRatioOptions>;

/** The vector q that shares are measured along, from a pointwise feature vector before (z) and after (a) its activation. */
export type Direction = (before: Node, after: Node) => Node;

const tiny = 1e-9;

/** Inner product over features at each position: `[N,C,H,W]` x2 -> `[N,1,H,W]`, and in proportion for other layouts. */
const inner = (a: Node, b: Node, axis: number): Node => g.reduceSum(g.mul(a, b), [axis], true);

/** A vanishing feature vector passes nothing on. */
const ratio = (relevance: Node, norm: Node): Node => stableRatio(relevance, norm, tiny);

/** Max pooling as average pooling times the ratio of the two, which is held fixed. */
function pooledInProportion(node: g.NodeOf<'maxPool'>, t: Node): Node {
  const [x] = node.inputs;
  const attrs = { ...node.attrs, countPadding: false };
  const scaled = g.mul(t, ratio(node as Node, g.avgPool(x, attrs)));
  return g.avgPoolInput(scaled, [g.sizeAlong(x, 2), g.sizeAlong(x, 3)], attrs);
}

const nameOf = ({ name, op }: Node): string => name ?? op;

/** 1 at one position of a layer, 0 elsewhere. */
function unitAt(model: Model, layer: Node, [row, column]: readonly [number, number]): Node {
  const { rows, columns, extra } = gridOfTarget(model, layer);
  if (row >= rows || column >= columns)
    throw new UserError(
      `position [${row},${column}] lies outside the ${rows}x${columns} grid of layer '${nameOf(layer)}', which starts at [0,0]`,
    );
  const shape = layer.shape.map((d, i) => (i === 0 || i === featureAxis(layer) ? 1 : (d as number)));
  const data = new Float32Array(extra + rows * columns);
  data[extra + row * columns + column] = 1;
  return g.constant(data, shape);
}

/** The picture of relevance at a layer's positions, resized bilinearly; the sum stays (for whole factors exactly): `[N,1,H,W]`. */
function resized(model: Model, layer: Node, relevance: Node): Node {
  const { rows, columns } = gridOfTarget(model, layer);
  const [height, width] = model.size;
  return g.mul(g.resize(asPicture(model, layer, relevance), model.size), (rows * columns) / (height * width));
}

/**
 * Saliency by sharing ratio decomposition as one reverse pass.
 *
 * Linear pieces use their transposed map, with the factors held fixed that only route (see `routing`). At an activation, with
 * cotangent t of its result a = σ(z) at a position: `R = ⟨a, t⟩`, then `t ← R q / ⟨z, q⟩`. At the input the attribution is `x ⊙ t`,
 * `[N,C,H,W]`; its sum over channels is φ_c, or the effective receptive field of a `position`. A target layer that is no
 * activation stands for itself: a = q = z. Throws UserError for layers and positions that are not there.
 * Source: Han, Kim, Kwak, arXiv:2402.03348, sections 3.1-3.2, rearranged from the forward recursion of effective receptive fields.
 */
export function sharingRatioAttribution(context: AttributionContext<SharingRatioOptions>, direction: Direction): Node {
  const { model, target, options } = context;
  const layer = targetLayer(model, options.layer);
  const axis = featureAxis(layer);
  const route = routing(model);

  const linear: BackwardRule = (node, t) =>
    node.op === 'maxPool' && options.pooling === 'proportional' && g.isNonNegative(node.inputs[0])
      ? [pooledInProportion(node, t)]
      : route(node, t);
  const withoutBias = linearParts((node) => node === model.input || isActivation(node), linear);
  const norm = (before: Node, q: Node, along: number) =>
    inner(options.bias === 'renormalise' ? withoutBias(before) : before, q, along);

  const parts = joinedActivations(layer);
  const before = parts ? parts.map((p) => p.inputs[0]) : [layer];
  const q = parts ? parts.map((p) => direction(p.inputs[0], p)) : [layer];

  function relevanceOfClass(): Node {
    const logit = targetLogit(model, target);
    const [gradient] = g.backward([logit], [g.full(logit, 1)], [layer], route);
    return inner(gradient, options.relevance === 'post' ? layer : g.concat(before, axis), axis);
  }
  const relevance = options.position ? unitAt(model, layer, options.position) : relevanceOfClass();

  const drawn =
    options.at === undefined ? model.input : options.at === 'target' ? layer : targetLayer(model, options.at);
  if (drawn === layer) {
    if (options.position)
      throw new UserError(`at: a position of layer '${nameOf(layer)}' is but itself there; choose an earlier layer`);
    return resized(model, layer, relevance);
  }
  if (!g.between([drawn], before).has(drawn))
    throw new UserError(`at: layer '${options.at}' does not lie between the picture and layer '${nameOf(layer)}'`);

  const share = ratio(relevance, before.map((z, i) => norm(z, q[i], axis)).reduce(g.add));
  const [cotangent] = g.backward(
    before,
    q.map((part) => g.mul(part, share)),
    [drawn],
    (node, t) => {
      if (!isActivation(node)) return linear(node, t);
      const [z] = node.inputs;
      const [along, at] = [direction(z, node), featureAxis(node)];
      return [g.mul(along, ratio(inner(node, t, at), norm(z, along, at)))];
    },
  );
  return drawn === model.input
    ? g.mul(drawn, cotangent)
    : resized(model, drawn, inner(drawn, cotangent, featureAxis(drawn)));
}
