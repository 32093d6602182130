import { level } from '../../samples-needed.ts';
import type { ShownRank } from '../data.ts';
import { h, redraw } from './dom.ts';
import { dotPlot, dotPlotHeight } from './dot-plot.ts';
import { attackTitle, counted, formatNumber } from './format.ts';
import { lazyChart, tidyCharts } from './lazy-chart.ts';
import { chosenAttack, chosenSubject, type Report } from './report.ts';

/** One panel: mean ranks with whiskers of half the critical difference, so that what overlaps is not shown to differ. */
function panel(ranks: readonly ShownRank[], title: string, attack: string, style: number): HTMLElement[] {
  const own = ranks.filter(({ meanRank }) => meanRank !== null).sort((a, b) => a.meanRank! - b.meanRank!);
  if (own.length === 0) return [];
  const [{ n, leftOut, criticalDifference, p, over }] = own;
  const half = criticalDifference! / 2;
  const rows = own.map(({ explainer }) => explainer);
  const dots = own.map(({ meanRank }, row) => ({
    row,
    value: meanRank!,
    low: meanRank! - half,
    high: meanRank! + half,
  }));
  const differs =
    p! < level ? `Friedman p = ${formatNumber(p!)}` : `no difference shown (Friedman p = ${formatNumber(p!)})`;
  const ranked = over === 'metrics' ? counted(n, 'metric') : counted(n, 'sample');
  const said = `${ranked}${leftOut > 0 ? `, ${leftOut} left out` : ''}; ${differs}; critical difference ${formatNumber(criticalDifference!)}`;
  const words = `Mean ranks, ${title}, ${said}: ${own.map((r) => `${r.explainer} ${formatNumber(r.meanRank!)}`).join('; ')}.`;
  return [
    lazyChart(title, said, words, dotPlotHeight(rows.length, 1), () =>
      dotPlot(rows, [{ label: `mean rank, ${attackTitle(attack)}`, style, dots }], 1),
    ),
  ];
}

const howToRead = (attack: string) =>
  `Mean ranks for ${attackTitle(attack)}; 1 is the best. Whiskers are half of Nemenyi’s critical difference: two explainers whose whiskers do not overlap differ at 5 %, provided that Friedman’s test finds a difference at all. Hidden explainers are ranked too.`;

/** Mean ranks over all metrics and within each, for the chosen model, dataset and attack. */
export function drawRanks(parent: HTMLElement, report: Report): void {
  const { state, metrics, attacks } = report;
  state.watch(['subject', 'attack'], () => {
    const attack = chosenAttack(report);
    const { model, dataset } = chosenSubject(report);
    const ranks = report.ranks.filter((r) => r.model === model && r.dataset === dataset && r.attack === attack);
    const style = attacks.indexOf(attack);
    const overall = panel(
      ranks.filter(({ over }) => over === 'metrics'),
      'All metrics, each by its means',
      attack,
      style,
    );
    const within = metrics.flatMap(({ name, title }) =>
      panel(
        ranks.filter(({ metric }) => metric === name),
        title,
        attack,
        style,
      ),
    );
    redraw(
      parent,
      h('p', {}, howToRead(attack)),
      overall.length + within.length === 0 && h('p', { class: 'quiet' }, 'Fewer than two explainers can be ranked.'),
      h('div', { class: 'charts' }, ...overall),
      within.length > 0 &&
        h(
          'details',
          {},
          h('summary', {}, 'Within each metric, over samples'),
          h('div', { class: 'charts' }, ...within),
        ),
    );
    tidyCharts();
  });
}
