import { z } from 'zod';
import { UserError } from '../numeric/errors.ts';
import type { Rng } from '../numeric/random.ts';
import { ridge } from '../numeric/ridge.ts';
import { defineExplainer } from './explainer.ts';
import { coalitionScores, paint, segmentOptions, segmentsOf } from './superpixels/coalitions.ts';

/** Coalitions that are neither empty nor full, with their weights in the regression. */
interface Design {
  readonly coalitions: Uint8Array[];
  readonly weights: Float64Array;
}

/** All coalitions of m players with Shapley's kernel `(m - 1) / (C(m,k) k (m - k))`. */
function allCoalitions(m: number): Design {
  const coalitions = Array.from({ length: Math.max(2 ** m - 2, 0) }, (_, i) =>
    Uint8Array.from({ length: m }, (_, j) => Math.floor((i + 1) / 2 ** j) % 2),
  );
  const choose = [1];
  for (let k = 1; k < m; k++) choose.push((choose[k - 1] * (m - k + 1)) / k);
  const weights = Float64Array.from(coalitions, (members) => {
    const k = members.reduce((s, v) => s + v, 0);
    return (m - 1) / (choose[k] * k * (m - k));
  });
  return { coalitions, weights };
}

/** Coalitions drawn in proportion to Shapley's kernel, each followed by its complement; so all weigh the same. */
function drawCoalitions(m: number, pairs: number, rng: Rng): Design {
  const shares = Float64Array.from({ length: m - 1 }, (_, i) => 1 / ((i + 1) * (m - i - 1)));
  const total = shares.reduce((s, v) => s + v, 0);
  const players = Uint32Array.from({ length: m }, (_, i) => i);
  const coalitions = Array.from({ length: pairs }, () => {
    let [size, left] = [1, rng.uniform() * total - shares[0]];
    while (left >= 0 && size < m - 1) left -= shares[size++];
    const members = new Uint8Array(m);
    for (const player of rng.shuffle(players).subarray(0, size)) members[player] = 1;
    return [members, members.map((v) => 1 - v)];
  }).flat();
  return { coalitions, weights: new Float64Array(coalitions.length).fill(1) };
}

/**
 * The values φ of m players that fit `v(z) ≈ v(∅) + Σ φ_i z_i` best under the weights and add up to `v(all) - v(∅)` exactly: the last
 * player's value is what the others leave. `values` are those of the coalitions.
 */
function shapleyFit(design: Design, values: Float64Array, empty: number, full: number, m: number): Float64Array {
  const last = m - 1;
  const rows = design.coalitions.map((z) => Float64Array.from({ length: last }, (_, i) => z[i] - z[last]));
  const targets = values.map((v, r) => v - empty - design.coalitions[r][last] * (full - empty));
  const others = ridge({ columns: last, rows, targets, weights: design.weights }, 0);
  return Float64Array.of(
    ...others,
    others.reduce((rest, v) => rest - v, full - empty),
  );
}

/**
 * Shapley values of segments, each on all pixels of its segment, `[1,H,W]`; the segments' values add up to the score of the picture
 * minus that of the baseline. Exact where all coalitions fit into `samples`; else a regression on coalitions drawn in pairs.
 * Throws UserError where `samples` are too few for the number of segments.
 */
export const kernelShap = defineExplainer({
  name: 'kernel-shap',
  title: 'KernelSHAP',
  paper: 'arXiv:1705.07874',
  options: z.strictObject({
    ...segmentOptions,
    /** Predictions asked for at most, those of the empty and the full coalition included. */
    samples: z.int().min(2).default(1000),
  }),
  async explain(context) {
    const { image, options, rng } = context;
    const segmentation = segmentsOf(image, options);
    const m = segmentation.count;
    const design =
      2 ** m <= options.samples ? allCoalitions(m) : drawCoalitions(m, Math.floor((options.samples - 2) / 2), rng);
    const ends = [new Uint8Array(m), new Uint8Array(m).fill(1)];
    const [empty, full, ...values] = await coalitionScores(context, segmentation, [...ends, ...design.coalitions]);
    try {
      return paint(image, segmentation, shapleyFit(design, Float64Array.from(values), empty, full, m));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new UserError(
        `kernel-shap: ${options.samples} samples do not determine the values of ${m} segments; raise "samples" or lower "count"`,
        { cause: error },
      );
    }
  },
});
