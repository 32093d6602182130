import { h, spoken } from './dom.ts';
import { formatNumber } from './format.ts';
import type { Report } from './report.ts';
import type { Rows, RowsCell } from './rows.ts';
import { undefinedCounts, type Query } from './sample-list.ts';

/** Samples a page. */
export const pageSize = 50;

/** The value of a cell for a sample, or why there is none. */
export function valueCell(cell: RowsCell | undefined, i: number): HTMLElement {
  if (!cell) return h('td', { class: 'quiet' }, '–', spoken(' not measured'));
  const reason = cell.reasons.get(i);
  if (reason !== undefined) return h('td', { class: 'warn reason' }, reason);
  const v = cell.values[i];
  if (Number.isNaN(v)) return h('td', { class: 'quiet' }, '–', spoken(' not measured'));
  return h('td', {}, formatNumber(v));
}

function pager({ state }: Report, page: number, found: number): HTMLElement {
  const pages = Math.max(1, Math.ceil(found / pageSize));
  const go = (id: string, text: string, to: number) =>
    h(
      'button',
      {
        id,
        type: 'button',
        disabled: to < 1 || to > pages || to === page,
        onclick: () => state.set({ page: String(to) }),
      },
      text,
    );
  return h(
    'nav',
    { class: 'pager', 'aria-label': 'Pages of samples' },
    go('first', 'First', 1),
    go('previous', 'Previous', page - 1),
    h('span', {}, `page ${page} of ${pages}`),
    go('next', 'Next', page + 1),
    go('last', 'Last', pages),
  );
}

/** One page of the samples found, with the values of one metric. */
export function sampleTable(
  report: Report,
  caption: string,
  rows: Rows,
  cells: readonly RowsCell[],
  column: readonly RowsCell[],
  found: readonly number[],
  page: number,
  { by, descending }: Query,
): HTMLElement {
  const { state } = report;
  const missing = undefinedCounts(rows.samples.length, cells);
  const header = (key: string, text: string, i: number) =>
    h(
      'th',
      { scope: 'col', 'aria-sort': by === key ? (descending ? 'descending' : 'ascending') : 'none' },
      h(
        'button',
        {
          id: `by-${i}`,
          type: 'button',
          onclick: () =>
            state.set({ by: key, direction: by === key && !descending ? 'descending' : undefined, page: undefined }),
        },
        text,
      ),
    );
  const heads = [
    ['sample', 'Sample'],
    ['label', 'Label'],
    ['prediction', 'Predicted'],
    ['undefined', 'Undefined values'],
    ...column.map(({ explainer }) => [explainer, explainer]),
  ];
  const visible = found.slice((page - 1) * pageSize, page * pageSize);
  return h(
    'div',
    {},
    h(
      'div',
      { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': 'Table of samples' },
      h(
        'table',
        { class: 'numbers' },
        h('caption', {}, caption),
        h('thead', {}, h('tr', {}, ...heads.map(([key, text], i) => header(key, text, i)))),
        h(
          'tbody',
          {},
          ...visible.map((i) =>
            h(
              'tr',
              { class: rows.samples[i] === state.get('sample') && 'open' },
              h(
                'th',
                { scope: 'row' },
                h(
                  'button',
                  {
                    id: `open-${i}`,
                    type: 'button',
                    onclick: () => state.set({ sample: rows.samples[i], section: 'samples' }, 'step'),
                  },
                  rows.samples[i],
                ),
              ),
              h('td', {}, String(rows.labels[i])),
              h('td', {}, rows.predictions[i]),
              h('td', {}, missing[i]),
              ...column.map((cell) => valueCell(cell, i)),
            ),
          ),
        ),
      ),
    ),
    pager(report, page, found.length),
  );
}
