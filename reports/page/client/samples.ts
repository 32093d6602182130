import type { RowsChunk, Subject } from '../data.ts';
import { loadChunk } from './chunk.ts';
import { h, redraw, select } from './dom.ts';
import { attackTitle, counted } from './format.ts';
import { chosenAttack, chosenSubject, metricOf, shownExplainers, subjectName, type Report } from './report.ts';
import { openRows, type Rows, type RowsCell } from './rows.ts';
import { sampleDetail } from './sample-detail.ts';
import { countReasons, findSamples, type Query } from './sample-list.ts';
import { pageSize, sampleTable } from './sample-table.ts';

function queryOf({ state }: Report): Query {
  return {
    find: state.get('find') ?? '',
    only: state.get('only') ?? '',
    by: state.get('by') ?? 'sample',
    descending: state.get('direction') === 'descending',
  };
}

function filters(
  report: Report,
  metrics: readonly string[],
  metric: string,
  cells: readonly RowsCell[],
  query: Query,
): HTMLElement {
  const { state } = report;
  const find = h('input', {
    id: 'find',
    type: 'search',
    value: query.find,
    oninput: () => state.set({ find: find.value || undefined, page: undefined }),
  });
  const reasons = countReasons(cells).slice(0, 50);
  return h(
    'div',
    { class: 'controls' },
    select(
      'metric',
      'Metric',
      metrics.map((name) => ({ value: name, text: metricOf(report, name).title })),
      metric,
      (value) => state.set({ metric: value, page: undefined }),
    ),
    h('label', { class: 'field' }, h('span', {}, 'Name contains'), find),
    select(
      'only',
      'Show',
      [
        { value: '', text: 'all samples' },
        { value: 'undefined', text: 'samples with undefined values' },
        ...reasons.map(([reason, n]) => ({ value: reason, text: `undefined: ${reason} (${n})` })),
      ],
      query.only,
      (only) => state.set({ only: only || undefined, page: undefined }),
    ),
  );
}

function draw(parent: HTMLElement, report: Report, subject: Subject, rows: Rows): void {
  const { state } = report;
  const attack = chosenAttack(report);
  const shown = shownExplainers(report);
  const cells = rows.cells.filter((cell) => cell.attack === attack && shown.includes(cell.explainer));
  const metrics = report.metrics.map(({ name }) => name).filter((name) => cells.some(({ metric }) => metric === name));
  if (metrics.length === 0)
    return redraw(parent, h('p', { class: 'quiet' }, `No shown explainer has values under ${attackTitle(attack)}.`));
  const metric = metrics.find((name) => name === state.get('metric')) ?? metrics[0];
  const column = shown.flatMap(
    (explainer) => cells.find((cell) => cell.metric === metric && cell.explainer === explainer) ?? [],
  );
  const query = queryOf(report);
  const found = findSamples(rows, cells, column, query);
  const pages = Math.max(1, Math.ceil(found.length / pageSize));
  const page = Math.min(pages, Math.max(1, Number(state.get('page') ?? 1) || 1));
  const open = rows.samples.indexOf(state.get('sample') ?? '');
  redraw(
    parent,
    filters(report, metrics, metric, cells, query),
    h(
      'p',
      { role: 'status' },
      `${counted(found.length, 'sample')} of ${rows.samples.length.toLocaleString('en-US')}. Press a sample's name to see all its values.`,
    ),
    sampleTable(
      report,
      `${metricOf(report, metric).title}: ${subjectName(subject)}, ${attackTitle(attack)}`,
      rows,
      cells,
      column,
      found,
      page,
      query,
    ),
    open >= 0 && sampleDetail(report, rows, open, found),
  );
}

/** To the sample that was opened, or back to the button of the one that was closed. */
function moveFocus({ samples }: Rows, closed: string | undefined): void {
  const goal = document.getElementById('detail') ?? document.getElementById(`open-${samples.indexOf(closed ?? '')}`);
  goal?.focus();
}

/** Every sample with its values; a sample's name opens all that is known of it. */
export function drawSamples(parent: HTMLElement, report: Report): Promise<void> {
  let opened: { subject: Subject; rows: Promise<Rows> } | undefined;
  let sample = report.state.get('sample');
  const keys = ['subject', 'attack', 'hide', 'metric', 'by', 'direction', 'find', 'only', 'page', 'sample'] as const;
  return report.state.watch(keys, () => {
    const subject = chosenSubject(report);
    if (opened?.subject !== subject) {
      redraw(parent, h('p', { class: 'quiet' }, 'Reading the rows …'));
      opened = { subject, rows: loadChunk<RowsChunk>(subject.chunk).then(openRows) };
    }
    return opened.rows.then(
      (rows) => {
        if (opened?.subject !== subject) return;
        draw(parent, report, subject, rows);
        if (sample !== report.state.get('sample')) {
          moveFocus(rows, sample);
          sample = report.state.get('sample');
        }
      },
      (error: Error) =>
        redraw(parent, h('p', { class: 'warn', role: 'alert' }, `The rows cannot be shown: ${error.message}`)),
    );
  });
}
