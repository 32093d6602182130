import type { Row } from '../../../reports/row.ts';

/** A cell of results.csv that came out otherwise. */
export interface Difference {
  readonly metric: string;
  /** Undefined for a row that is only there now. */
  readonly before?: string;
  /** Undefined for a row that is not there now. */
  readonly now?: string;
}

/** What came of computing one unit again. */
export interface UnitCheck {
  /** `model/dataset/sample/explainer/attack`. */
  readonly unit: string;
  readonly rows: number;
  /** The largest difference of two values, relative to the larger one where that is above 1. */
  readonly largest: number;
  /** Those beyond the tolerance. */
  readonly differences: readonly Difference[];
}

/** What is compared of a row; a value as it is in results.csv. */
export type Compared = Pick<Row, 'metric' | 'label' | 'prediction' | 'target' | 'value' | 'reason' | 'discarded'>;

const distance = (a: number, b: number) => (a === b ? 0 : Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b)));

/** The distance of two cells; infinite where one is empty or a class differs. */
function apart(a: number | null, b: number | null): number {
  if (a === null || b === null) return a === b ? 0 : Infinity;
  return distance(a, b);
}

const textOf = ({ label, prediction, target, value, reason, discarded }: Compared): string =>
  [
    value ?? `undefined (${reason})`,
    ...(discarded === null ? [] : [`discarded ${discarded}`]),
    `classes ${label}/${prediction}/${target}`,
  ].join(', ');

function compare(before: Compared, now: Compared, tolerance: number): { value: number; alike: boolean } {
  const value = apart(before.value, now.value);
  const classes = (['label', 'prediction', 'target'] as const).every((key) => before[key] === now[key]);
  const reasons = tolerance > 0 || before.reason === now.reason;
  const alike = classes && reasons && value <= tolerance && apart(before.discarded, now.discarded) <= tolerance;
  return { value, alike };
}

/** Compares the rows of one unit, by metric. */
export function compareRows(
  unit: string,
  before: readonly Compared[],
  now: readonly Compared[],
  tolerance: number,
): UnitCheck {
  const earlier = new Map(before.map((row) => [row.metric, row]));
  const later = new Map(now.map((row) => [row.metric, row]));
  const metrics = [...new Set([...earlier.keys(), ...later.keys()])];
  const differences: Difference[] = [];
  let largest = 0;
  for (const metric of metrics) {
    const [a, b] = [earlier.get(metric), later.get(metric)];
    if (a && b) {
      const { value, alike } = compare(a, b, tolerance);
      largest = Math.max(largest, value);
      if (alike) continue;
    }
    differences.push({ metric, before: a && textOf(a), now: b && textOf(b) });
  }
  return { unit, rows: metrics.length, largest, differences };
}
