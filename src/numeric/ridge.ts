import { solvePositiveDefinite } from './cholesky.ts';

/** Weighted observations: each row holds the `columns` values that explain one target. */
export interface Observations {
  readonly columns: number;
  readonly rows: readonly ArrayLike<number>[];
  readonly targets: Float64Array;
  /** Non-negative, one a row. */
  readonly weights: Float64Array;
}

/**
 * The coefficients β that minimise `Σ w_i (y_i - β·x_i)² + α |β|²`, in float64. Throws RangeError where the rows do not determine
 * them, which only happens for α = 0.
 */
export function ridge({ columns: m, rows, targets, weights }: Observations, alpha: number): Float64Array {
  const normal = new Float64Array(m * m);
  const moment = new Float64Array(m);
  rows.forEach((row, r) => {
    for (let i = 0; i < m; i++) {
      const weighted = weights[r] * row[i];
      if (weighted === 0) continue;
      moment[i] += weighted * targets[r];
      for (let j = 0; j <= i; j++) normal[i * m + j] += weighted * row[j];
    }
  });
  for (let i = 0; i < m; i++) normal[i * m + i] += alpha;
  return solvePositiveDefinite(normal, moment);
}

/** As `ridge`, with an intercept that is not penalised: columns and targets are centred at their weighted means. */
export function ridgeWithIntercept({ columns, rows, targets, weights }: Observations, alpha: number): Float64Array {
  const total = weights.reduce((s, w) => s + w, 0);
  const centre = new Float64Array(columns);
  let middle = 0;
  rows.forEach((row, r) => {
    for (let i = 0; i < columns; i++) centre[i] += (weights[r] / total) * row[i];
    middle += (weights[r] / total) * targets[r];
  });
  const centred = rows.map((row) => Float64Array.from(row, (v, i) => v - centre[i]));
  return ridge({ columns, rows: centred, targets: targets.map((y) => y - middle), weights }, alpha);
}
