import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resultColumns } from '../../reports/result-columns.ts';
import { resultsCsv } from '../../reports/results-csv.ts';
import { writeResultsParquet } from '../../reports/results-parquet.ts';
import type { Row } from '../../reports/row.ts';
import { metrics, row, sampleRows } from './samples.ts';

// More than one row group.
const many = Array.from({ length: 33_000 }, (_, i) =>
  row({ sample: `s${i % 500}`, label: i % 7 ? i % 10 : '', value: Math.sin(i), discarded: i % 3 ? null : (i % 4) / 4 }),
);
const awkward = [
  row({ sample: 'a,"b"\n\u{1f40d}', value: 5e-324, model: '' }),
  row({ metric: 'ssim:after-target', value: null, reason: 'the mask is empty' }),
  row({ metric: 'attack:l2', value: 1.7976931348623157e308, prediction: 2_147_483_647, target: 0 }),
];
const rows: readonly Row[] = [...sampleRows(), ...many, ...awkward];

let folder: string;
let connection: DuckDBConnection;
const query = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJS();
const file = () => join(folder, 'results.parquet');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parquet-'));
  await writeResultsParquet(file(), rows, { metrics, run: { name: 'my run', package: '1.2.3' } });
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
});
afterAll(async () => {
  connection.closeSync();
  await rm(folder, { recursive: true });
});

test('DuckDB finds in results.parquet every cell of results.csv', async () => {
  const found = await query(`SELECT * FROM '${file()}'`);
  const csv = parse([...resultsCsv(rows)].join(''), { from: 2 }) as string[][];
  const expected = csv.map((line) =>
    resultColumns.map(({ type, empty }, c) =>
      empty && line[c] === '' ? null : type === 'text' ? line[c] : Number(line[c]),
    ),
  );
  expect(found.length).toBe(rows.length);
  // One comparison of 400,000 cells; toEqual would take longer than all else.
  const different = expected.flatMap((line, i) => (line.every((cell, c) => Object.is(cell, found[i][c])) ? [] : [i]));
  expect(different).toEqual([]);
});

test('columns have types, and cells are null only where they may be', async () => {
  const described = await query(`DESCRIBE SELECT * FROM '${file()}'`);
  expect(described.map(([name, type]) => `${String(name)} ${String(type)}`)).toEqual([
    ...['model', 'dataset', 'sample'].map((name) => `${name} VARCHAR`),
    ...['label', 'prediction', 'target'].map((name) => `${name} INTEGER`),
    ...['explainer', 'attack', 'metric'].map((name) => `${name} VARCHAR`),
    'value DOUBLE',
    'reason VARCHAR',
    'discarded DOUBLE',
  ]);
  const schema = await query(`SELECT name, repetition_type FROM parquet_schema('${file()}') WHERE type IS NOT NULL`);
  expect(schema.filter(([, repetition]) => repetition === 'OPTIONAL').map(([name]) => name)).toEqual([
    'label',
    'value',
    'reason',
    'discarded',
  ]);
  const texts = await query(
    `SELECT DISTINCT path_in_schema FROM parquet_metadata('${file()}') WHERE type = 'BYTE_ARRAY' AND dictionary_page_offset IS NULL`,
  );
  expect(texts).toEqual([]);
});

test('the file says which run it is of, what its columns hold and which end of a metric is better', async () => {
  const found = await query(`SELECT decode(key), decode(value) FROM parquet_kv_metadata('${file()}')`);
  const facts = Object.fromEntries(found) as Record<string, string>;
  expect(facts).toMatchObject({ 'xai-gauntlet.run': 'my run', 'xai-gauntlet.version': '1.2.3' });
  expect(JSON.parse(facts['xai-gauntlet.columns'])).toEqual(resultColumns);
  expect(JSON.parse(facts['xai-gauntlet.metrics'])).toEqual([
    { metric: 'pointing-game', title: 'Pointing game', better: 'higher', range: [0, 1] },
    ...[
      { metric: 'ssim:before-after', title: 'Structural similarity (SSIM), before vs. after', better: 'higher' },
      { metric: 'ssim:after-target', title: 'Structural similarity (SSIM), after vs. target', better: 'lower' },
    ].map((metric) => ({ ...metric, range: [-1, 1] })),
    { metric: 'attack:linf', title: 'attack:linf', better: null, range: [null, null] },
    { metric: 'attack:l2', title: 'attack:l2', better: null, range: [null, null] },
  ]);
});

test('a run without rows leaves a table without rows', async () => {
  const empty = join(folder, 'empty.parquet');
  await writeResultsParquet(empty, [], { metrics: [] });
  expect(await query(`SELECT count(*)::INTEGER, count(value)::INTEGER FROM '${empty}'`)).toEqual([[0, 0]]);
});
