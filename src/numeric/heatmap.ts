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

/** Adds a channel to what those before it came to. Whole channels at a time: a call for every value takes most of the time of the step. */
const reducers: Record<HeatmapStep['channels'], (values: Float64Array, channel: Float32Array) => void> = {
  sum: (values, channel) => {
    for (let p = 0; p < values.length; p++) values[p] += channel[p];
  },
  'abs-sum': (values, channel) => {
    for (let p = 0; p < values.length; p++) values[p] += Math.abs(channel[p]);
  },
  l2: (values, channel) => {
    for (let p = 0; p < values.length; p++) values[p] += channel[p] * channel[p];
  },
  'max-abs': (values, channel) => {
    for (let p = 0; p < values.length; p++) values[p] = Math.max(values[p], Math.abs(channel[p]));
  },
};

const signs: Record<HeatmapStep['sign'], (values: Float64Array) => void> = {
  signed: () => undefined,
  positive: (values) => {
    for (let p = 0; p < values.length; p++) if (values[p] < 0) values[p] = 0;
  },
  absolute: (values) => {
    for (let p = 0; p < values.length; p++) values[p] = Math.abs(values[p]);
  },
};

/** Applies a heatmap step to an attribution `[C,H,W]`. NaN stays NaN. */
export function toHeatmap(attribution: Tensor, step: HeatmapStep): Heatmap {
  const [channels, height, width] = attribution.shape;
  const size = height * width;
  const values = new Float64Array(size);
  for (let c = 0; c < channels; c++)
    reducers[step.channels](values, attribution.data.subarray(c * size, (c + 1) * size));
  if (step.channels === 'l2') for (let p = 0; p < size; p++) values[p] = Math.sqrt(values[p]);
  signs[step.sign](values);
  if (step.normalise !== 'none') {
    const scale = step.normalise === 'max' ? largest(values) : magnitude(values);
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

/** The sum of magnitudes. */
function magnitude(values: Float64Array): number {
  let total = 0;
  for (let p = 0; p < values.length; p++) total += Math.abs(values[p]);
  return total;
}
