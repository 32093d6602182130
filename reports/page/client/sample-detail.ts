import { h } from './dom.ts';
import { attackTitle } from './format.ts';
import { chosenSubject, shownExplainers, type Report } from './report.ts';
import type { Rows } from './rows.ts';
import { valueCell } from './sample-table.ts';

function attackBody(report: Report, rows: Rows, i: number, attack: string): HTMLElement | undefined {
  const explainers = shownExplainers(report);
  const cells = rows.cells.filter((cell) => cell.attack === attack);
  const metrics = report.metrics.filter(({ name }) => cells.some(({ metric }) => metric === name));
  if (metrics.length === 0) return undefined;
  return h(
    'tbody',
    {},
    h('tr', {}, h('th', { scope: 'rowgroup', colspan: explainers.length + 1, class: 'group' }, attackTitle(attack))),
    ...metrics.map(({ name, title, better }) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, title, better && h('span', { class: 'quiet' }, better === 'higher' ? ' ↑' : ' ↓')),
        ...explainers.map((explainer) =>
          valueCell(
            cells.find((cell) => cell.metric === name && cell.explainer === explainer),
            i,
          ),
        ),
      ),
    ),
  );
}

/** All that is known of one sample: metrics by explainers, clean and under each attack. */
export function sampleDetail(report: Report, rows: Rows, i: number, found: readonly number[]): HTMLElement {
  const { state, attacks, figures } = report;
  const sample = rows.samples[i];
  const { model, dataset } = chosenSubject(report);
  const place = found.indexOf(i);
  const beside = (id: string, text: string, to: number) =>
    h(
      'button',
      {
        id,
        type: 'button',
        disabled: place < 0 || found[to] === undefined,
        onclick: () => state.set({ sample: rows.samples[found[to]] }, 'step'),
      },
      text,
    );
  const toGallery = () => {
    state.set({ figure: sample, section: 'gallery' }, 'step');
    document.getElementById('gallery-title')?.focus();
  };
  const inGallery = figures.some((f) => f.sample === sample && f.model === model && f.dataset === dataset);
  return h(
    'section',
    { class: 'detail', 'aria-labelledby': 'detail' },
    h('h3', { id: 'detail', tabindex: -1 }, sample),
    h(
      'p',
      {},
      `Label ${rows.labels[i] === '' ? 'unknown' : rows.labels[i]}, predicted ${rows.predictions[i]}, explained ${rows.targets[i]}.`,
    ),
    h(
      'div',
      { class: 'controls' },
      beside('sample-before', 'Previous sample', place - 1),
      beside('sample-after', 'Next sample', place + 1),
      inGallery &&
        h(
          'button',
          {
            id: 'to-gallery',
            type: 'button',
            onclick: () => toGallery(),
          },
          'Show in the gallery',
        ),
      h('button', { id: 'close', type: 'button', onclick: () => state.set({ sample: undefined }, 'step') }, 'Close'),
    ),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Values of ${sample}` },
      h(
        'table',
        { class: 'numbers' },
        h('caption', {}, `All values of ${sample}`),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, 'Metric'),
            ...shownExplainers(report).map((explainer) => h('th', { scope: 'col' }, explainer)),
          ),
        ),
        ...attacks.map((attack) => attackBody(report, rows, i, attack)),
      ),
    ),
  );
}
