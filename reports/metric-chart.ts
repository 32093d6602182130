import type { Estimate } from './axis-ends.ts';
import { distinct } from './distinct.ts';
import { dotChart } from './dot-chart.ts';
import type { Panel } from './dot-chart.ts';
import { formatRange } from './metric-info.ts';
import type { MetricInfo } from './metric-info.ts';
import type { Summary } from './summary.ts';

/** What two maps a similarity compares, as the suffix of a metric's name says. */
const comparisons = {
  'before-after': { words: 'before vs. after', flip: false },
  // The more the attacked map resembles the attacker's target, the worse for the explainer.
  'after-target': { words: 'after vs. target', flip: true },
};

/** Splits `ssim:after-target` into `ssim` and `after-target`; other names stay whole. */
export function splitMetric(metric: string): { name: string; comparison?: keyof typeof comparisons } {
  const [, name, comparison] = /^(.*):(before-after|after-target)$/.exec(metric) ?? [];
  return comparison ? { name, comparison: comparison as keyof typeof comparisons } : { name: metric };
}

function axisTitle(metric: string, info: MetricInfo | undefined): string[] {
  const { name, comparison } = splitMetric(metric);
  const { words, flip } = comparison ? comparisons[comparison] : { words: info?.title ?? name, flip: false };
  if (!info) return [words];
  const range = formatRange(info.range);
  const goal = info.better && `(${(info.better === 'higher') !== flip ? 'higher' : 'lower'} is better)`;
  const said = (parts: readonly (string | undefined)[]) => parts.filter((part) => part !== undefined && part !== '');
  if (comparison) return said([words, range, goal]) as string[];
  return [said([said([words, range]).join(', '), goal]).join(' ')];
}

function estimate(summary: Summary | undefined): Estimate | undefined {
  if (!summary || !Number.isFinite(summary.mean ?? NaN)) return undefined;
  return { value: summary.mean!, error: 1.96 * (summary.standardError ?? 0) };
}

/** What whiskers and bands show. */
export const intervalName = 'mean ± 1.96 standard errors (95 % interval)';

const span = (numbers: readonly number[]): string => distinct([Math.min(...numbers), Math.max(...numbers)]).join('–');

/** `n = 50 images`, or `n = 45–48 of 50 images` where values could not be computed. */
export function sampleCount(groups: readonly Pick<Summary, 'n' | 'undefined'>[]): string {
  const defined = span(groups.map(({ n }) => n));
  const all = span(groups.map((group) => group.n + group.undefined));
  return `n = ${defined === all ? all : `${defined} of ${all}`} ${all === '1' ? 'image' : 'images'}`;
}

/**
 * Dot-and-whisker chart of one metric on one model and dataset: explainers as rows, clean and attacked as series, the two
 * comparisons of a similarity as panels. Whiskers are ±1.96 standard errors. Undefined where no summary has a mean.
 * `attackOrder` numbers the colours, so that an attack has one colour in several charts.
 */
export function metricChart(
  all: readonly Summary[],
  info?: MetricInfo,
  attackOrder: readonly string[] = distinct(all.map(({ attack }) => attack)),
): Buffer | undefined {
  const summaries = all.filter((summary) => estimate(summary));
  if (summaries.length === 0) return undefined;
  const [{ model, dataset, metric }] = summaries;
  const rows = distinct(summaries.map(({ explainer }) => explainer));
  const attacks = attackOrder.filter((attack) => summaries.some((s) => s.attack === attack));
  const panels = distinct(summaries.map((s) => s.metric)).map((metric): Panel => {
    const find = (explainer: string, attack: string) =>
      summaries.find((s) => s.metric === metric && s.explainer === explainer && s.attack === attack);
    return {
      axis: axisTitle(metric, info),
      range: info?.range ?? [-Infinity, Infinity],
      estimates: attacks.map((attack) => rows.map((explainer) => estimate(find(explainer, attack)))),
    };
  });
  const subtitle = [
    `${model} on ${dataset}`,
    `${summaries.some((s) => s.standardError !== null) ? intervalName : 'mean'}, ${sampleCount(summaries)}`,
  ];
  const series = attacks.map((attack) => ({
    label: attack === 'none' ? 'clean' : attack,
    style: attackOrder.indexOf(attack),
  }));
  return dotChart({ title: info?.title ?? splitMetric(metric).name, subtitle, rows, series, panels });
}
