import { z } from 'zod';
import type { Tensor } from './tensor.ts';

/**
 * How an attribution `[C,H,W]` becomes a heatmap `[H,W]`: channel reduction, then sign, then normalisation (per sample, never
 * per batch). Metrics declare their default; configs may choose; results record it.
 */
export const heatmapStep = z.strictObject({
  /** Over channels: sum, sum of absolute values, Euclidean norm, or largest absolute value. */
  channels: z.enum(['sum', 'abs-sum', 'l2', 'max-abs']).default('sum'),
  /** Keep signs, keep what is positive (others become 0), or take absolute values. */
  sign: z.enum(['signed', 'positive', 'absolute']).default('signed'),
  /** Divide by the largest absolute value, by the sum of absolute values, or not at all. A zero map stays zero. */
  normalise: z.enum(['none', 'max', 'sum']).default('none'),
});
/** How an attribution becomes a heatmap: channels, sign, normalisation. */
export type HeatmapStep = z.infer<typeof heatmapStep>;

/** A map of one value a pixel, row-major, in float64. */
export interface Heatmap {
  readonly height: number;
  readonly width: number;
  readonly values: Float64Array;
}

const reducers: Record<HeatmapStep['channels'], (sum: number, v: number) => number> = {
  sum: (s, v) => s + v,
  'abs-sum': (s, v) => s + Math.abs(v),
  l2: (s, v) => s + v * v,
  'max-abs': (s, v) => Math.max(s, Math.abs(v)),
};

const signs: Record<HeatmapStep['sign'], (v: number) => number> = {
  signed: (v) => v,
  positive: (v) => (v < 0 ? 0 : v),
  absolute: Math.abs,
};

/** Applies a heatmap step to an attribution `[C,H,W]`. NaN stays NaN. */
export function toHeatmap(attribution: Tensor, step: HeatmapStep): Heatmap {
  const [channels, height, width] = attribution.shape;
  const size = height * width;
  const values = new Float64Array(size);
  const reduce = reducers[step.channels];
  for (let c = 0; c < channels; c++)
    for (let p = 0; p < size; p++) values[p] = reduce(values[p], attribution.data[c * size + p]);
  const sign = signs[step.sign];
  for (let p = 0; p < size; p++) values[p] = sign(step.channels === 'l2' ? Math.sqrt(values[p]) : values[p]);
  if (step.normalise !== 'none') {
    const scale = step.normalise === 'max' ? largest(values) : values.reduce((total, v) => total + Math.abs(v), 0);
    if (scale !== 0) for (let p = 0; p < size; p++) values[p] /= scale;
  }
  return { height, width, values };
}

/** The largest magnitude. */
function largest(values: Float64Array): number {
  let most = 0;
  for (let p = 0; p < values.length; p++) if (Math.abs(values[p]) > most) most = Math.abs(values[p]);
  return most;
}
