import type { z } from 'zod';
import { mul, reduceSum, type Node } from '../graph/index.ts';
import type { Model } from '../model/model.ts';
import type { Rng } from '../numeric/random.ts';
import type { Tensor } from '../numeric/tensor.ts';

interface Common<O> {
  readonly name: string;
  readonly title: string;
  /** arXiv number or citation of the source. */
  readonly paper: string;
  readonly options: z.ZodType<O>;
  /** The option that names another explainer, for one that is applied to others: a name, or `{ use: name, ...options }`. */
  readonly wraps?: string;
}

export interface AttributionContext<O> {
  readonly model: Model;
  /** `[N,K]` weights over the logits: one-hot rows for a class each. */
  readonly target: Node;
  readonly options: O;
  /** The explainer that the option `wraps` names, on this model or on a changed copy of it. */
  readonly wrapped?: AttributionOf;
}

/** Builds the attribution of one explainer, its options chosen: `[N,C,H,W]` or `[N,1,H,W]`. */
export type AttributionOf = (model: Model, target: Node) => Node;

/** An explainer that builds a graph: it can be differentiated, hence attacked, with no code of its own for that. */
export interface WhiteBoxExplainer<O = unknown> extends Common<O> {
  /** The attribution node, `[N,C,H,W]` or `[N,1,H,W]`, signed and unnormalised. */
  attribution(context: AttributionContext<O>): Node;
}

export interface PredictionContext<O> {
  /** Logits `[N,K]` of pictures `[N,3,H,W]` in [0,1]. */
  predict(images: Tensor): Promise<Tensor>;
  /** `[3,H,W]` in [0,1]. */
  readonly image: Tensor;
  /** The class to explain. */
  readonly target: number;
  readonly options: O;
  readonly rng: Rng;
}

/** An explainer that only asks for predictions. */
export interface BlackBoxExplainer<O = unknown> extends Common<O> {
  /** The attribution `[C,H,W]`, signed and unnormalised. */
  explain(context: PredictionContext<O>): Promise<Tensor> | Tensor;
}

/** An explainer of either kind. */
export type Explainer = WhiteBoxExplainer | BlackBoxExplainer;

/** Whether an explainer is a graph, and so can be attacked by its gradient. */
export const isWhiteBox = (explainer: Explainer): explainer is WhiteBoxExplainer => 'attribution' in explainer;

/** Declares an explainer by a function that builds its graph, or by one that only asks for predictions. */
export function defineExplainer<O>(definition: WhiteBoxExplainer<O>): WhiteBoxExplainer<O>;
export function defineExplainer<O>(definition: BlackBoxExplainer<O>): BlackBoxExplainer<O>;
export function defineExplainer(definition: unknown): unknown {
  return definition;
}

/** The explained logit `[N]`, or the weighted sum of logits that `target` asks for. */
export const targetLogit = (model: Model, target: Node): Node => reduceSum(mul(model.logits, target), [1]);
