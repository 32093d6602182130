import { type pairColumns, rankColumns, summaryColumns } from '../columns.ts';
import type { Prediction } from '../heatmap-figure.ts';
import type { MeanCurve } from '../mean-curves.ts';
import type { Pair } from '../pairwise.ts';
import type { Rank } from '../ranks.ts';
import type { Summary } from '../summary.ts';
import type { Columns } from './columns.ts';
import type { RunRecord } from './run-record.ts';

// What the page's script is given, and what it makes of it, shared by the writer and the page: types, and lists of keys.

/** A metric by its name in rows. */
export interface ShownMetric {
  readonly name: string;
  readonly title: string;
  /** For the explainer; absent where neither end is better. */
  readonly better?: 'higher' | 'lower';
  readonly range: string;
  /** The largest possible value, where there is one. */
  readonly top?: number;
  readonly axes?: { readonly x: string; readonly y: string };
}

/** A model on a dataset, and the chunk that holds its rows. */
export interface Subject {
  readonly model: string;
  readonly dataset: string;
  readonly samples: number;
  readonly chunk: string;
}

/** A figure of the gallery, and the chunk that holds its pictures. */
export interface FigureEntry {
  readonly model: string;
  readonly dataset: string;
  readonly sample: string;
  /** `none` where nothing is attacked. */
  readonly attack: string;
  readonly chunk: string;
}

/** What the page holds at once. */
export interface PageData {
  readonly run?: RunRecord;
  readonly explainers: readonly string[];
  /** The clean picture, `none`, first. */
  readonly attacks: readonly string[];
  readonly metrics: readonly ShownMetric[];
  readonly subjects: readonly Subject[];
  readonly figures: readonly FigureEntry[];
  readonly summaries: Columns;
  readonly pairs: Columns;
  readonly ranks: Columns;
  readonly curves: readonly MeanCurve[];
}

/** The columns but those that the page has no place for. */
const without = <K extends string, L extends K>(columns: readonly K[], left: readonly L[]) =>
  columns.filter((key): key is Exclude<K, L> => !(left as readonly string[]).includes(key));

export const summaryKeys = without(summaryColumns, ['standardError', 'median', 'intervalNote', 'meanKept']);
export type ShownSummary = Pick<Summary, (typeof summaryKeys)[number]>;

export const pairKeys = [
  'model',
  'dataset',
  'attack',
  'metric',
  'explainer',
  'other',
  'verdict',
] as const satisfies readonly (typeof pairColumns)[number][];
export type ShownPair = Pick<Pair, (typeof pairKeys)[number]>;

export const rankKeys = without(rankColumns, ['chiSquare']);
export type ShownRank = Pick<Rank, (typeof rankKeys)[number]>;

/** The chunk of a subject: bytes as `packRows` makes them. */
export interface RowsChunk {
  readonly packed: string;
}

/** A map `[H,W]` of one signed byte a pixel: 127 is `limit`, larger values are clipped to it, and -128 is NaN. */
export interface PackedMap {
  readonly height: number;
  readonly width: number;
  readonly packed: string;
  readonly limit: number;
  /** Whether the colours are those of both signs. */
  readonly signed: boolean;
  /** What `limit` is. */
  readonly note: string;
}

/** The chunk of a figure; pictures are data URLs. */
export interface FigureChunk {
  readonly width: number;
  readonly height: number;
  readonly image: string;
  readonly prediction?: Prediction;
  readonly entries: readonly FigureChunkEntry[];
}

export interface FigureChunkEntry {
  readonly explainer: string;
  readonly map: PackedMap;
  readonly attackedImage?: string;
  readonly attackedPrediction?: Prediction;
  /** On the scale of `map`. */
  readonly mapAfter?: PackedMap;
  readonly target?: PackedMap;
}
