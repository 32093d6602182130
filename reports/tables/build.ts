import { distinct } from '../distinct.ts';
import { titleOf, type MetricInfo } from '../metric-info.ts';
import { goalOf, namesOf, type Cell, type Content } from './content.ts';
import type { ColumnLayout, TableLayout } from './layout.ts';
import { publishedAt, type Published } from './published.ts';
import { significanceOf, standings, type Significance, type Standing } from './standing.ts';

/** What stands in one place of a table. */
export interface TableCell {
  /** Absent where nothing was measured. */
  readonly cell?: Cell;
  readonly standing?: Standing;
  readonly significance?: Significance;
  /** Absent where the table has no published values. */
  readonly published?: Published;
}

export interface TableColumn extends Required<Pick<ColumnLayout, 'metric' | 'attack' | 'title' | 'digits' | 'scale'>> {
  readonly goal: MetricInfo['better'];
  /** Its place in the layout. */
  readonly index: number;
  /** Over the title, the topmost first; empty texts where nothing stands. */
  readonly headings: readonly string[];
  /** Absent where the rows say which. */
  readonly subject?: Subject;
}

/** Rows of one group; the title is empty where there is one group only. */
export interface Section {
  readonly title: string;
  readonly subject?: Subject;
  readonly rows: readonly {
    readonly title: string;
    readonly explainer: string;
    readonly cells: readonly TableCell[];
  }[];
}

/** A table with all its numbers, before it is written down in a format. */
export interface Table {
  readonly name: string;
  readonly caption: string;
  readonly layout: TableLayout;
  readonly columns: readonly TableColumn[];
  readonly sections: readonly Section[];
}

export interface Subject {
  readonly model: string;
  readonly dataset: string;
}

/** The tables of a layout: one, or one a (model, dataset). */
export function buildTables(content: Content, layout: TableLayout): Table[] {
  const { cells, metrics } = content;
  const names = namesOf(cells);
  const models = layout.models ?? names.models;
  const datasets = layout.datasets ?? names.datasets;
  const present = new Set(cells.map(({ model, dataset }) => JSON.stringify([model, dataset])));
  const subjects = models
    .flatMap((model) => datasets.map((dataset): Subject => ({ model, dataset })))
    .filter(({ model, dataset }) => present.has(JSON.stringify([model, dataset])));
  const titled = (name: string) => layout.titles[name] ?? name;
  const subjectTitle = ({ model, dataset }: Subject) =>
    models.length === 1 && datasets.length > 1
      ? titled(dataset)
      : datasets.length === 1
        ? titled(model)
        : `${titled(model)}, ${titled(dataset)}`;
  const attacks = distinct(layout.columns.map(({ attack }) => attack));
  const columnOf = (column: ColumnLayout, index: number, subject?: Subject): TableColumn => {
    const { metric, attack, scale } = column;
    const under = attacks.length > 1 && attack !== 'none' && column.group === undefined ? ` (${titled(attack)})` : '';
    const goal = goalOf(metric, metrics);
    const headings = [
      ...(layout.subjects === 'columns' && subjects.length > 1 && subject ? [subjectTitle(subject)] : []),
      ...(layout.columns.some(({ group }) => group !== undefined) ? [column.group ?? ''] : []),
    ];
    const arrow = layout.arrows && goal ? { higher: ' ↑', lower: ' ↓' }[goal] : '';
    const title = `${column.title ?? titleOf(metric, metrics) + under}${arrow}`;
    return { metric, attack, scale, digits: column.digits ?? layout.digits, goal, title, index, headings, subject };
  };
  const explainers = layout.explainers ?? names.explainers;
  const sectionOf = (title: string, columns: readonly TableColumn[], subject?: Subject): Section => {
    const places = columns.map((column) => placesOf(content, layout, explainers, column, (column.subject ?? subject)!));
    const rows = explainers
      .map((explainer, i) => ({ title: titled(explainer), explainer, cells: places.map((column) => column[i]) }))
      .filter(({ cells: row }) => layout.explainers || row.some(({ cell }) => cell));
    return { title, subject, rows };
  };
  const { name, caption } = layout;
  const columns = layout.columns.map((column, i) => columnOf(column, i));
  const whole = { caption: caption ?? name, layout };
  if (subjects.length === 0) return [];
  if (layout.subjects === 'columns') {
    const repeated = subjects.flatMap((subject) => layout.columns.map((column, i) => columnOf(column, i, subject)));
    return [{ ...whole, name, columns: repeated, sections: [sectionOf('', repeated)] }];
  }
  if (layout.subjects === 'rows') {
    const titleOf = subjects.length > 1 ? subjectTitle : () => '';
    return [{ ...whole, name, columns, sections: subjects.map((s) => sectionOf(titleOf(s), columns, s)) }];
  }
  return subjects.map((subject) => ({
    layout,
    name: subjects.length > 1 ? `${subject.model}-${subject.dataset}-${name}` : name,
    caption: `${whole.caption}: ${titled(subject.model)} on ${titled(subject.dataset)}`,
    columns,
    sections: [sectionOf('', columns, subject)],
  }));
}

/** One column of one (model, dataset): a place an explainer. */
function placesOf(
  { cells, verdicts }: Content,
  layout: TableLayout,
  explainers: readonly string[],
  { metric, attack, digits, scale, goal, index }: TableColumn,
  { model, dataset }: Subject,
): TableCell[] {
  const here = (item: { model: string; dataset: string; attack: string; metric: string }) =>
    item.model === model && item.dataset === dataset && item.attack === attack && item.metric === metric;
  const found = cells.filter(here);
  const own = explainers.map((explainer) => found.find((cell) => cell.explainer === explainer));
  const standing = standings(
    own.map((cell) => (cell?.mean === null || cell === undefined ? undefined : scale * cell.mean)),
    digits,
    layout.best ? goal : undefined,
  );
  const pairs = layout.marks ? verdicts.filter(here) : [];
  const measured = own.flatMap((cell) => (cell ? [cell.explainer] : []));
  return own.map((cell, i): TableCell => {
    const place = { model, explainer: explainers[i], column: index };
    return {
      ...(cell && {
        cell,
        standing: standing[i],
        significance: goal && significanceOf(cell.explainer, measured, pairs),
      }),
      ...(layout.published && { published: publishedAt(layout.published, place, cell, scale) }),
    };
  });
}
