import { samplesNeeded } from '../../samples-needed.ts';
import type { ShownMetric, ShownPair, ShownSummary } from '../data.ts';
import { h, redraw, spoken } from './dom.ts';
import { attackTitle, counted, formatNumber, formatPercent, goals } from './format.ts';
import { markOf, sortedBy, standingOf, type Standing } from './ranking.ts';
import {
  chosenAttack,
  chosenSubject,
  metricOf,
  ofSubject,
  shownExplainers,
  subjectName,
  type Report,
} from './report.ts';

function header(report: Report, metric: ShownMetric, id: string): HTMLElement {
  const { state } = report;
  const sorted = state.get('sort') === metric.name;
  const reversed = sorted && state.get('order') === 'reversed';
  const ascending = (metric.better === 'lower') !== reversed;
  return h(
    'th',
    { scope: 'col', 'aria-sort': sorted ? (ascending ? 'ascending' : 'descending') : 'none' },
    h(
      'button',
      {
        id,
        type: 'button',
        onclick: () => state.set({ sort: metric.name, order: sorted && !reversed ? 'reversed' : undefined }),
      },
      metric.title,
    ),
    h('small', {}, metric.better ? goals[metric.better] : 'neither end is better'),
    h('small', { class: 'quiet' }, metric.range),
  );
}

function mark(standing: Standing): HTMLElement | undefined {
  const which = markOf(standing);
  if (!which) return undefined;
  const text = `better than ${standing.better} of ${standing.others}`;
  return h('span', { class: 'mark', title: text }, which === 'all' ? '★' : '☆', spoken(` ${text}`));
}

function cell(summary: ShownSummary | undefined, standing: Standing): HTMLElement {
  if (!summary) return h('td', { class: 'quiet' }, '–', spoken(' not measured'));
  const { n, mean, low, high, discarded } = summary;
  const missing = summary.undefined;
  return h(
    'td',
    {},
    h('span', { class: 'value' }, mean === null ? 'undefined' : formatNumber(mean), mark(standing)),
    low !== null && high !== null && h('small', {}, `${formatNumber(low)} to ${formatNumber(high)}`),
    missing > 0 && h('small', { class: 'warn' }, `${missing} of ${n + missing} undefined`),
    discarded !== null && discarded > 0 && h('small', { class: 'quiet' }, `${formatPercent(discarded)} discarded`),
  );
}

function notes(report: Report, summaries: readonly ShownSummary[]): HTMLElement | undefined {
  const missing = summaries.filter((summary) => summary.undefined > 0);
  if (missing.length === 0) return undefined;
  return h(
    'details',
    {},
    h('summary', {}, `Why values are undefined (${counted(missing.length, 'cell')})`),
    h(
      'ul',
      {},
      ...missing.map((s) =>
        h('li', {}, h('b', {}, `${s.explainer}, ${metricOf(report, s.metric).title}`), `: ${s.reasons}`),
      ),
    ),
  );
}

function fewNote(summaries: readonly ShownSummary[], pairs: readonly ShownPair[]): HTMLElement | undefined {
  const compared = new Set(pairs.flatMap(({ explainer, other }) => [explainer, other])).size;
  const samples = Math.max(...summaries.map(({ n }) => n));
  const needed = samplesNeeded((compared * (compared - 1)) / 2);
  if (compared < 2 || samples >= needed) return undefined;
  const text = `With ${counted(samples, 'sample')} no mark can be earned: ${compared} explainers take ${needed}.`;
  return h('p', { class: 'quiet' }, text);
}

function keptNote(attack: string, summaries: readonly ShownSummary[]): HTMLElement | undefined {
  if (attack === 'none') return undefined;
  const kept = summaries.filter(
    ({ metric, predictionKept }) => metric === 'attack:prediction-kept' && predictionKept !== null,
  );
  if (kept.length === 0) return undefined;
  const text = kept.map((s) => `${s.explainer} ${s.predictionKept} of ${s.n + s.undefined}`).join(', ');
  return h(
    'p',
    { class: 'quiet' },
    `Pictures that kept their prediction under ${attack}: ${text}. The table holds all of them.`,
  );
}

/** Explainers by metrics, for the chosen model, dataset and attack. */
export function drawRanking(parent: HTMLElement, report: Report): void {
  const { state } = report;
  state.watch(['subject', 'attack', 'hide', 'sort', 'order'], () => {
    const attack = chosenAttack(report);
    const { model, dataset } = chosenSubject(report);
    const summaries = ofSubject(report, report.summaries).filter((s) => s.attack === attack);
    const pairs = report.pairs.filter((p) => p.model === model && p.dataset === dataset && p.attack === attack);
    const metrics = report.metrics.filter(({ name }) => summaries.some(({ metric }) => metric === name));
    const find = (explainer: string, metric: string) =>
      summaries.find((s) => s.explainer === explainer && s.metric === metric);
    const sort = metrics.find(({ name }) => name === state.get('sort'));
    const present = shownExplainers(report).filter((e) => summaries.some(({ explainer }) => explainer === e));
    const order = sort
      ? sortedBy(present, (e) => find(e, sort.name)?.mean, sort.better, state.get('order') === 'reversed')
      : present;
    if (order.length === 0)
      return redraw(
        parent,
        h(
          'p',
          {},
          `No shown explainer has values under ${attackTitle(attack)}: an attack by gradients leaves black boxes out.`,
        ),
      );
    redraw(
      parent,
      h(
        'p',
        {},
        'Mean over samples and its 95 % interval. ',
        h('span', { class: 'mark' }, '★'),
        ' better than every other explainer, ',
        h('span', { class: 'mark' }, '☆'),
        ' better than more than half of them and worse than none: Wilcoxon’s signed-rank test on the same samples, Holm-corrected over the pairs of each metric, p < 0.05, hidden explainers included. No mark does not mean equal. Press a heading to sort, again to turn the order.',
      ),
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Ranking table' },
        h(
          'table',
          { class: 'numbers' },
          h('caption', {}, `${subjectName({ model, dataset })}, ${attackTitle(attack)}`),
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h(
                'th',
                { scope: 'col', 'aria-sort': sort ? 'none' : undefined },
                h(
                  'button',
                  {
                    id: 'sort-config',
                    type: 'button',
                    onclick: () => state.set({ sort: undefined, order: undefined }),
                  },
                  'Explainer',
                ),
                h('small', { class: 'quiet' }, 'in the order of the config'),
              ),
              ...metrics.map((metric, i) => header(report, metric, `sort-${i}`)),
            ),
          ),
          h(
            'tbody',
            {},
            ...order.map((explainer) =>
              h(
                'tr',
                {},
                h('th', { scope: 'row' }, explainer),
                ...metrics.map(({ name }) =>
                  cell(
                    find(explainer, name),
                    standingOf(
                      explainer,
                      pairs.filter(({ metric }) => metric === name),
                    ),
                  ),
                ),
              ),
            ),
          ),
        ),
      ),
      fewNote(summaries, pairs),
      keptNote(attack, summaries),
      notes(report, summaries),
    );
  });
}
