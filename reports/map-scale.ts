import type { Heatmap } from '../src/numeric/heatmap.ts';
import { diverging, sequential } from './colormap.ts';
import type { Colormap } from './colormap.ts';

/** How the values of one or more maps become colours. */
export interface MapScale {
  /** The absolute value at the end of the colour bar; larger ones are clipped to it. */
  readonly limit: number;
  /** Diverging over [-limit, limit] where a value is negative, else sequential over [0, limit]. */
  readonly signed: boolean;
  readonly colormap: Colormap;
  /** What `limit` is, for the reader. */
  readonly note: string;
}

const quantile = 0.995;

/**
 * One scale for maps that are to be compared. It ends at the 99.5th percentile of |value|, lest single pixels take all the
 * contrast, or at the maximum where the map is so sparse that the percentile is zero. NaN does not count.
 */
export function mapScale(maps: readonly Heatmap[]): MapScale {
  const values = maps.flatMap((map) => Array.from(map.values).filter((v) => Number.isFinite(v)));
  const sorted = Float64Array.from(values, Math.abs).sort();
  const percentile = sorted.at(Math.ceil(quantile * sorted.length) - 1) ?? 0;
  const limit = percentile || (sorted.at(-1) ?? 0);
  const signed = values.some((v) => v < 0);
  return {
    limit,
    signed,
    colormap: signed ? diverging : sequential,
    note: limit === 0 ? 'no value but zero' : percentile > 0 ? '99.5th percentile of |value|' : 'maximum of |value|',
  };
}
