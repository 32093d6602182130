import type { MetricInfo } from '../metric-info.ts';
import type { Verdict } from './content.ts';
import { numberText } from './number.ts';

/** Among the means of a column. */
export type Standing = 'best' | 'second' | undefined;

/** Than how many of the others of its column an explainer is shown to be better. */
export type Significance = 'every' | 'most' | undefined;

/**
 * The best and the second of some means, as they are printed: means that print alike stand alike. Nothing is the best of one, or where all are
 * alike, and nothing the second of two.
 */
export function standings(
  means: readonly (number | undefined)[],
  digits: number,
  goal: MetricInfo['better'],
): Standing[] {
  const given = means.filter((mean) => mean !== undefined);
  const order = given.toSorted((a, b) => (goal === 'higher' ? b - a : a - b));
  const [best, second] = new Set(order.map((mean) => numberText(mean, digits)));
  return means.map((mean) => {
    if (!goal || mean === undefined || second === undefined) return undefined;
    const text = numberText(mean, digits);
    return text === best ? 'best' : text === second && given.length > 2 ? 'second' : undefined;
  });
}

/** Whether the verdicts of pairwise.csv say that an explainer is better than every other of some explainers, or than more than half of the others. */
export function significanceOf(
  explainer: string,
  among: readonly string[],
  verdicts: readonly Verdict[],
): Significance {
  const others = among.filter((other) => other !== explainer);
  const beaten = others.filter((other) =>
    verdicts.some(
      (pair) =>
        (pair.explainer === explainer && pair.other === other && pair.verdict === 'better') ||
        (pair.explainer === other && pair.other === explainer && pair.verdict === 'worse'),
    ),
  );
  if (beaten.length === 0) return undefined;
  return beaten.length === others.length ? 'every' : 2 * beaten.length > others.length ? 'most' : undefined;
}
