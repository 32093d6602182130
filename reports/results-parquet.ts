import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import { comparisonOf, directionOf, infoOf, titleOf, type MetricInfo } from './metric-info.ts';
import { resultColumns, type ResultColumn } from './result-columns.ts';
import type { RunRecord } from './page/run-record.ts';
import type { Row } from './row.ts';

const types = {
  // Names repeat: each is written once a row group.
  text: { type: 'STRING', encoding: 'RLE_DICTIONARY' },
  integer: { type: 'INT32' },
  real: { type: 'DOUBLE' },
} as const;

/** Rows that are in memory a second time, as columns, while they are written. */
const rowGroupSize = 32_768;

/** What results.parquet says of itself. */
export interface ParquetFacts {
  readonly metrics: readonly MetricInfo[];
  readonly run?: Pick<RunRecord, 'name' | 'package'>;
}

const bound = (end: number) => (Number.isFinite(end) ? end : null);

/** What is known of a metric in rows; a range that ends in null is unbounded there. */
function describe(metric: string, metrics: readonly MetricInfo[]) {
  const info = infoOf(metric, metrics);
  return {
    metric,
    title: titleOf(metric, metrics),
    better: directionOf(metric, metrics) ?? null,
    range: (comparisonOf(metric)?.range ?? info?.range ?? [-Infinity, Infinity]).map(bound),
  };
}

/** Null for an empty cell: null or the empty text, as in CSV. */
const cellOf = (row: Row, { name, empty }: ResultColumn) => (empty && row[name] === '' ? null : row[name]);

function* cells(rows: readonly Row[]): Generator<Record<string, unknown>> {
  for (const row of rows) yield Object.fromEntries(resultColumns.map((column) => [column.name, cellOf(row, column)]));
}

/**
 * Writes rows to a Parquet file, a row group at a time. Texts are UTF-8, integers INT32, reals DOUBLE; `xai-gauntlet.*` among its metadata
 * hold the run's name, the package's version, and as JSON the columns and metrics (title, better end, range).
 */
export async function writeResultsParquet(
  path: string,
  rows: readonly Row[],
  { metrics, run }: ParquetFacts,
): Promise<void> {
  const names = [...new Set(rows.map(({ metric }) => metric))];
  const facts = {
    ...(run && { run: run.name, version: run.package }),
    columns: JSON.stringify(resultColumns),
    metrics: JSON.stringify(names.map((metric) => describe(metric, metrics))),
  };
  await parquetWriteRows({
    writer: fileWriter(path),
    rows: cells(rows),
    columns: resultColumns.map(({ name, type, empty }) => ({ name, nullable: empty, ...types[type] })),
    rowGroupSize,
    kvMetadata: Object.entries(facts).map(([key, value]) => ({ key: `xai-gauntlet.${key}`, value })),
    createdBy: 'xai-gauntlet',
  });
}
