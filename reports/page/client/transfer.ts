import type { ShownSummary } from '../data.ts';
import { cssColour, diverging, textOn } from '../../colormap.ts';
import { moved, splitAttack, transfers, type Transfer } from '../../transfer.ts';
import { h, redraw, select } from './dom.ts';
import { formatNumber } from './format.ts';
import { metricOf, ofSubject, type Report } from './report.ts';
import { goTo } from './sections.ts';

type Matrix = Transfer<ShownSummary>;

const keyOf = ({ attack, metric }: Matrix) => `${metric} ${attack}`;

const inWords = (from: string, { explainer, mean, low, high, n }: ShownSummary) =>
  `found on ${from}, scored on ${explainer}: mean ${formatNumber(mean!)}${low === null || high === null ? '' : `, 95 % interval ${formatNumber(low)} to ${formatNumber(high)}`}, n = ${n}`;

function cellOf(report: Report, matrix: Matrix, summary: ShownSummary | undefined, from: string): HTMLElement {
  if (!summary) return h('td', { class: 'quiet' }, '–');
  const { state } = report;
  const { explainer, attack, mean, low, high } = summary;
  const chosen = state.get('attack') === attack && state.get('by') === explainer;
  const button = h(
    'button',
    {
      id: `moved-${matrix.attacked.indexOf(from)}-${matrix.scored.indexOf(explainer)}`,
      type: 'button',
      'aria-pressed': String(chosen),
      'aria-label': inWords(from, summary),
      onclick: () =>
        state.set({ attack, metric: matrix.metric, by: explainer, direction: 'descending', page: undefined }),
    },
    h('span', { class: 'value' }, formatNumber(mean!)),
    low !== null && high !== null && h('small', {}, `${formatNumber(low)} to ${formatNumber(high)}`),
  );
  const colour = diverging(moved(mean!, matrix, metricOf(report, matrix.metric)));
  button.style.backgroundColor = cssColour(colour);
  button.style.color = textOn(colour);
  return h('td', { class: explainer === from && 'own' }, button);
}

function chosenNote(report: Report, matrix: Matrix): HTMLElement {
  const { state } = report;
  const chosen = matrix.cells
    .flat()
    .find((s) => s && s.attack === state.get('attack') && s.explainer === state.get('by'));
  if (!chosen) return h('p', { role: 'status' }, 'Press a cell to see this attack in all sections.');
  return h(
    'p',
    { role: 'status' },
    `All sections show pictures ${inWords(splitAttack(chosen.attack).against!, chosen)}. `,
    h('button', { id: 'to-samples', type: 'button', onclick: () => goTo(state, 'samples') }, 'See its samples'),
  );
}

/** Which pictures move which maps: rows are the explainers that were attacked, columns those that were scored. */
export function drawTransfer(parent: HTMLElement, report: Report): void {
  const { state } = report;
  state.watch(['subject', 'hide', 'attack', 'by', 'transfer'], () => {
    const matrices = transfers(ofSubject(report, report.summaries));
    if (matrices.length === 0)
      return redraw(parent, h('p', { class: 'quiet' }, 'No shown explainer was scored under an attack on another.'));
    const matrix = matrices.find((m) => keyOf(m) === state.get('transfer')) ?? matrices[0];
    const { attack, metric, attacked, scored, cells } = matrix;
    const several = new Set(matrices.map((m) => m.attack)).size > 1;
    const titleOf = (m: Matrix) => `${metricOf(report, m.metric).title}${several ? `: ${m.attack}` : ''}`;
    const { better, range } = metricOf(report, metric);
    redraw(
      parent,
      h(
        'p',
        {},
        'A picture that was changed to move one explanation, and what it does to the others: mean and 95 % interval. Framed: the attacked explainer itself. The redder, the further the map has moved.',
      ),
      h(
        'div',
        { class: 'controls' },
        select(
          'transfer-of',
          'Comparison',
          matrices.map((m) => ({ value: keyOf(m), text: titleOf(m) })),
          keyOf(matrix),
          (transfer) => state.set({ transfer }),
        ),
      ),
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Matrix of transfer' },
        h(
          'table',
          { class: 'matrix' },
          h(
            'caption',
            {},
            `${metricOf(report, metric).title}: ${attack}`,
            h('small', { class: 'quiet' }, [better && `${better} is better`, range].filter(Boolean).join(', ')),
          ),
          h(
            'thead',
            {},
            h('tr', {}, h('td'), h('th', { scope: 'colgroup', colspan: scored.length }, 'scored on')),
            h(
              'tr',
              {},
              h('th', { scope: 'col' }, 'found on'),
              ...scored.map((name) => h('th', { scope: 'col' }, name)),
            ),
          ),
          h(
            'tbody',
            {},
            ...attacked.map((from, r) =>
              h(
                'tr',
                {},
                h('th', { scope: 'row' }, from),
                ...scored.map((_, c) => cellOf(report, matrix, cells[r][c], from)),
              ),
            ),
          ),
        ),
      ),
      chosenNote(report, matrix),
    );
  });
}

/** Whether any attack of the run was scored on more explainers than the one it was found on. */
export const hasTransfer = ({ attacks }: Report): boolean =>
  attacks.some((attack) => splitAttack(attack).against !== undefined);
