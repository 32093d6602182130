import type { ShownMetric, ShownSummary } from '../data.ts';
import { h, redraw } from './dom.ts';
import { dotPlot, dotPlotHeight, type Dot } from './dot-plot.ts';
import { attackTitle, counted, formatNumber, goals } from './format.ts';
import { lazyChart, tidyCharts } from './lazy-chart.ts';
import { legend } from './legend.ts';
import { ofSubject, shownExplainers, type Report } from './report.ts';

const isShown = ({ mean }: ShownSummary) => mean !== null && Number.isFinite(mean);

function dotOf({ explainer, mean, low, high }: ShownSummary, rows: readonly string[]): Dot {
  return { row: rows.indexOf(explainer), value: mean!, low: low ?? mean!, high: high ?? mean! };
}

const alternativeOf = (title: string, summaries: readonly ShownSummary[]) =>
  `${title}. ${summaries.map((s) => `${s.explainer}, ${attackTitle(s.attack)}: ${formatNumber(s.mean!)}`).join('; ')}.`;

/** Every metric before and after each attack: a small chart each, explainers as rows, attacks as series. */
export function drawMetricCharts(parent: HTMLElement, report: Report): void {
  const { state, attacks, metrics } = report;
  state.watch(['subject', 'hide'], () => {
    const summaries = ofSubject(report, report.summaries).filter(isShown);
    const figureOf = (metric: ShownMetric): HTMLElement[] => {
      const own = summaries.filter((s) => s.metric === metric.name);
      if (own.length === 0) return [];
      const rows = shownExplainers(report).filter((e) => own.some(({ explainer }) => explainer === e));
      const present = attacks.filter((attack) => own.some((s) => s.attack === attack));
      const series = present.map((attack) => ({
        label: attackTitle(attack),
        style: attacks.indexOf(attack),
        dots: own.filter((s) => s.attack === attack).map((s) => dotOf(s, rows)),
      }));
      const said = [metric.better && goals[metric.better], metric.range].filter(Boolean).join(', ');
      return [
        lazyChart(metric.title, said, alternativeOf(metric.title, own), dotPlotHeight(rows.length, series.length), () =>
          dotPlot(rows, series),
        ),
      ];
    };
    const isOwn = ({ name }: ShownMetric) => name.startsWith('attack:');
    const own = metrics.filter(isOwn).flatMap(figureOf);
    redraw(
      parent,
      legend(attacks.map((attack, i) => ({ label: attackTitle(attack), style: i, look: 'marker' }))),
      h('div', { class: 'charts' }, ...metrics.filter((metric) => !isOwn(metric)).flatMap(figureOf)),
      own.length > 0 &&
        h(
          'details',
          {},
          h('summary', {}, `What attacks report of themselves (${counted(own.length, 'chart')})`),
          h('div', { class: 'charts' }, ...own),
        ),
    );
    tidyCharts();
  });
}
