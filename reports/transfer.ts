import { distinct } from './distinct.ts';
import { comparisonOf, isReference, splitMetric } from './metric-info.ts';
import type { Summary } from './summary.ts';

/** The name of an attack in rows: `targeted-manipulation@srd` was found on the explainer srd, whichever is scored. */
export function splitAttack(name: string): { readonly attack: string; readonly against?: string } {
  const [attack, against] = name.split('@');
  return { attack, against };
}

/** The attack by whose name a curve is shown: the attacker's own loss has one curve for each explainer that was attacked, and they belong together. */
export const curveAttack = ({ metric, attack }: Pick<Summary, 'metric' | 'attack'>): string =>
  metric === 'attack:loss' ? splitAttack(attack).attack : attack;

type Transferred = Pick<Summary, 'explainer' | 'attack' | 'metric' | 'n' | 'undefined' | 'mean' | 'low' | 'high'>;

/** What one attack, found on each of some explainers, does to the maps of all, by one comparison of maps. */
export interface Transfer<T extends Transferred = Transferred> {
  readonly attack: string;
  /** As in rows: `pearson:gap-closed`. */
  readonly metric: string;
  /** The explainers that were attacked: rows. */
  readonly attacked: readonly string[];
  /** The explainers that were scored: columns. */
  readonly scored: readonly string[];
  /** `[attacked][scored]`; undefined where there is no mean. */
  readonly cells: readonly (readonly (T | undefined)[])[];
}

const isShown = ({ mean }: Transferred) => mean !== null && Number.isFinite(mean);

/** The matrices of one model and dataset, those of the gap closed before those of the change; none where no attack is carried over. */
export function transfers<T extends Transferred>(summaries: readonly T[]): Transfer<T>[] {
  const carried = summaries.filter(({ attack }) => splitAttack(attack).against !== undefined);
  const order = (metric: string) => Number(!metric.endsWith(':gap-closed'));
  const metrics = distinct(carried.map(({ metric }) => metric))
    .filter((metric) => comparisonOf(metric) && !isReference(metric))
    .sort((a, b) => order(a) - order(b));
  return distinct(carried.map((s) => splitAttack(s.attack).attack)).flatMap((attack) =>
    metrics.flatMap((metric) => {
      const own = carried.filter((s) => s.metric === metric && splitAttack(s.attack).attack === attack && isShown(s));
      if (own.length === 0) return [];
      const attacked = distinct(own.map((s) => splitAttack(s.attack).against!));
      const scored = distinct(own.map(({ explainer }) => explainer));
      const cells = attacked.map((from) =>
        scored.map((to) => own.find((s) => s.explainer === to && splitAttack(s.attack).against === from)),
      );
      return [{ attack, metric, attacked, scored, cells }];
    }),
  );
}

/**
 * How far an attack has come by a mean of a matrix: 0 where the map is as before, 1 where it is at the target or as unlike the clean map as nothing;
 * below 0 where it moved away from the target. `better` is the direction of the comparison, `top` the largest possible value where there is one.
 */
export function moved(
  mean: number,
  { metric, cells }: Transfer,
  { better, top }: { readonly better?: 'higher' | 'lower'; readonly top?: number },
): number {
  if (splitMetric(metric).comparison === 'gap-closed') return mean;
  const whole = top ?? Math.max(...cells.flat().map((cell) => cell?.mean ?? 0), Number.MIN_VALUE);
  return better === 'higher' ? 1 - mean / whole : mean / whole;
}
