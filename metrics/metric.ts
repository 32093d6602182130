import type { z } from 'zod';
import type { Heatmap, HeatmapStep } from '../src/numeric/heatmap.ts';
import type { Rng } from '../src/numeric/random.ts';
import type { Tensor } from '../src/numeric/tensor.ts';
import type { Box } from '../src/data/dataset.ts';
import type { Randomisation } from '../src/model/model.ts';

/** Points of a curve behind a score, for charts: `x` are fractions, of pixels unless the metric says otherwise, in [0,1]. */
export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** A value of a metric, with what lies behind it. */
export interface Score {
  readonly value: number;
  readonly curve?: Curve;
  /** The share, in [0,1], of the neighbours or steps that did not count, e.g. because the prediction changed there. */
  readonly discarded?: number;
}

/** A score, or the reason why there is none. */
export type Outcome = Score | { readonly reason: string; readonly discarded?: number };

interface Common<O> {
  readonly name: string;
  readonly title: string;
  /** arXiv number or citation of the source. */
  readonly paper: string;
  readonly better: 'higher' | 'lower';
  /** Smallest and largest possible value. */
  readonly range: readonly [number, number];
  /** Each value is a hit or a miss, 1 or 0, fractions coming from ties only: equal values get an interval all the same. */
  readonly proportion?: boolean;
  /** The heatmap step used where the config names none. */
  readonly heatmap: HeatmapStep;
  readonly options: z.ZodType<O>;
}

/** Pictures made of two, which differ in how many features have turned from one into the other. */
export interface Turned {
  /** `[3,H,W]`. */
  readonly from: Tensor;
  /** `[3,H,W]`. */
  readonly to: Tensor;
  /** All features in the order in which they turn: the `H*W` pixels, in all channels at once, or the `3*H*W` values. */
  readonly order: Uint32Array;
  /** One a picture: the features of the order from the `first`-th to before the `end`-th have turned. */
  readonly spans: readonly (readonly [first: number, end: number])[];
}

/** What a metric asks of a sample; `mask-or-box` takes the mask where there is one, else the filled box. */
export type Need = 'mask' | 'box' | 'mask-or-box';

/** What to explain in place of the class and the model under test; randomness of the explainer's own is that of the attribution scored. */
export interface Otherwise {
  readonly target?: number;
  /** A copy of the model with random weights, the same for all samples. */
  readonly randomised?: Randomisation;
}

/** What a metric of one attribution sees. */
export interface MapContext<O> {
  /** The attribution after the heatmap step. */
  readonly heatmap: Heatmap;
  /** The attribution before it, `[C,H,W]`. */
  readonly attribution: Tensor;
  /** The explained picture `[3,H,W]` in [0,1]. */
  readonly image: Tensor;
  /** The explained class. */
  readonly target: number;
  readonly mask?: Uint8Array;
  readonly box?: Box;
  /** Logits `[N,K]` of pictures `[N,3,H,W]`; cut into micro-batches by itself. */
  predict(images: Tensor): Promise<Tensor>;
  /** Logits `[N,K]` of pictures made of two; where the engine has a device they are made there, and a picture costs two numbers. */
  predictTurned(pictures: Turned): Promise<Tensor>;
  /** Attributions `[N,C,H,W]` of pictures `[N,3,H,W]` by the explainer under test, for `target` and the model unless said otherwise. */
  explain(images: Tensor, other?: Otherwise): Promise<Tensor>;
  /** Inner representations `[N,...]` of pictures `[N,3,H,W]`: at a named layer, or by default at the input of the last layer with weights. */
  represent(images: Tensor, layer?: string): Promise<Tensor>;
  /** The heatmap step, for other attributions `[C,H,W]`. */
  heatmapOf(attribution: Tensor): Heatmap;
  /** Names of the model's layers with weights, in topological order. */
  readonly weightLayers: readonly string[];
  readonly options: O;
  /** Derived from (seed, unit, metric). */
  readonly rng: Rng;
}

/** A metric of one attribution, on the clean picture or on an attacked one. */
export interface MapMetric<O = unknown> extends Common<O> {
  readonly kind: 'map';
  readonly needs: readonly Need[];
  /** Titles of its curve's axes; by default those of a curve over changed pixels. */
  readonly axes?: { readonly x: string; readonly y: string };
  score(context: MapContext<O>): Promise<Outcome> | Outcome;
}

/** A similarity of two heatmaps of the same size; scored for the map before/after an attack and after/target. */
export interface SimilarityMetric<O = unknown> extends Common<O> {
  readonly kind: 'similarity';
  score(context: { readonly a: Heatmap; readonly b: Heatmap; readonly options: O }): number;
}

/** A metric of one map, or a similarity of two. */
export type Metric = MapMetric | SimilarityMetric;

/**
 * Declares a metric. `score` throws `Undefined` with the reason where no number can be given (empty mask, NaN in the map, a
 * zero map for a ratio): the reason is recorded, the cell stays empty.
 */
export function defineMetric<O>(definition: MapMetric<O>): MapMetric<O>;
export function defineMetric<O>(definition: SimilarityMetric<O>): SimilarityMetric<O>;
export function defineMetric(definition: unknown): unknown {
  return definition;
}
