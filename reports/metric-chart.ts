import type { Estimate } from './axis-ends.ts';
import { distinct } from './distinct.ts';
import { dotChart } from './dot-chart.ts';
import type { Panel } from './dot-chart.ts';
import type { Drawing } from './drawing.ts';
import { comparisonOf, directionOf, formatRange, isReference, splitMetric } from './metric-info.ts';
import type { MetricInfo } from './metric-info.ts';
import type { Summary } from './summary.ts';

function axisTitle(metric: string, info: MetricInfo | undefined): string[] {
  const comparison = comparisonOf(metric);
  const words = comparison?.words ?? info?.title ?? splitMetric(metric).name;
  if (!info) return [words];
  const range = formatRange(comparison?.range ?? info.range);
  const better = directionOf(metric, [info]);
  const goal = better && `(${better} is better)`;
  const said = (parts: readonly (string | undefined)[]) => parts.filter((part) => part !== undefined && part !== '');
  if (comparison) return said([words, range, goal]) as string[];
  return [said([said([words, range]).join(', '), goal]).join(' ')];
}

function estimate(summary: Summary | undefined): Estimate | undefined {
  const { mean, low, high } = summary ?? {};
  if (mean === undefined || mean === null || !Number.isFinite(mean)) return undefined;
  return { value: mean, low: low ?? mean, high: high ?? mean };
}

/** What whiskers show: `mean`, or `mean and 95 % interval (BCa bootstrap)`. */
export function intervalNames(summaries: readonly Summary[]): string {
  const names = { bca: 'BCa bootstrap', wilson: 'Wilson' };
  const used = distinct(summaries.flatMap(({ interval }) => (interval === 'none' ? [] : names[interval])));
  return used.length === 0 ? 'mean' : `mean, 95 % interval (${used.join(' or ')})`;
}

const span = (numbers: readonly number[]): string => distinct([Math.min(...numbers), Math.max(...numbers)]).join('–');

/** `n = 50 images`, or `n = 45–48 of 50 images` where values could not be computed. */
export function sampleCount(groups: readonly Pick<Summary, 'n' | 'undefined'>[]): string {
  const defined = span(groups.map(({ n }) => n));
  const all = span(groups.map((group) => group.n + group.undefined));
  return `n = ${defined === all ? all : `${defined} of ${all}`} ${all === '1' ? 'image' : 'images'}`;
}

/**
 * Dot-and-whisker chart of one metric on one model and dataset: explainers as rows, clean and attacked as series, the
 * comparisons of a similarity that have a better end as panels. Whiskers are the intervals of the summaries. Undefined where no summary has a mean.
 * `attackOrder` numbers the colours, so that an attack has one colour in several charts.
 */
export function metricChart(
  all: readonly Summary[],
  info?: MetricInfo,
  attackOrder: readonly string[] = distinct(all.map(({ attack }) => attack)),
): Drawing | undefined {
  // What others are compared with is part of the gap that is closed, and would crowd it out.
  const summaries = all.filter((summary) => estimate(summary) && !isReference(summary.metric));
  if (summaries.length === 0) return undefined;
  const [{ model, dataset, metric }] = summaries;
  const rows = distinct(summaries.map(({ explainer }) => explainer));
  const attacks = attackOrder.filter((attack) => summaries.some((s) => s.attack === attack));
  const panels = distinct(summaries.map((s) => s.metric)).map((metric): Panel => {
    const find = (explainer: string, attack: string) =>
      summaries.find((s) => s.metric === metric && s.explainer === explainer && s.attack === attack);
    return {
      axis: axisTitle(metric, info),
      range: comparisonOf(metric)?.range ?? info?.range ?? [-Infinity, Infinity],
      estimates: attacks.map((attack) => rows.map((explainer) => estimate(find(explainer, attack)))),
    };
  });
  const subtitle = [`${model} on ${dataset}`, `${intervalNames(summaries)}, ${sampleCount(summaries)}`];
  const series = attacks.map((attack) => ({
    label: attack === 'none' ? 'clean' : attack,
    style: attackOrder.indexOf(attack),
  }));
  return dotChart({ title: info?.title ?? splitMetric(metric).name, subtitle, rows, series, panels });
}
