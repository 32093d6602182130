import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { tableFiles, tableLayout, type TableFormat } from '../../reports/tables/index.ts';
import { metrics, row } from './samples.ts';

const rows = ['srd', 'other'].map((explainer) => ({
  ...row({ explainer, metric: 'pointing-game' }),
  n: 10,
  undefined: 0,
  mean: explainer === 'srd' ? 0.925 : 0.5,
  standardError: 0.1,
  low: 0.8,
  high: 1,
}));
const values = { toy: { srd: [90, null], other: [65.5] } };
const textOf = (format: TableFormat, published: object | undefined, changes = {}) => {
  const columns = [{ metric: 'pointing-game', title: 'PG', scale: 100, digits: 1 }, 'sparseness'];
  const layout = tableLayout.parse({ name: 't', columns, published, digits: 1, ...changes });
  return tableFiles({ cells: rows, verdicts: [], metrics }, [layout], [format])[0].text;
};
const published = { source: 'Table 9', values };

test('a published value stands beside the measured one, with the difference; where it is not known, the cell says so', () => {
  const lines = textOf('md', published)
    .split('\n')
    .map((line) => line.replace(/ +/g, ' '));
  expect(lines[0]).toContain('Published: Table 9; in brackets, what was measured less that. Not known: we know of no');
  expect(lines[2]).toMatch(/^\| Explainer \| PG ↑ \| published \| .* \| published \|$/);
  expect(lines[4]).toBe('| srd | **92.5** [80.0, 100.0] | 90.0 (+2.5) | – | not known |');
  expect(lines[5]).toBe('| other | 50.0 [80.0, 100.0] | 65.5 (−15.5) | – | not known |');
});

test('so it does in LaTeX and CSV', () => {
  const tex = textOf('tex', published, { heading: 'Input' });
  expect(tex).toContain('\nInput & PG');
  expect(tex).toContain('& {\\scriptsize publ. 90.0 (+2.5)} & {\\scriptsize publ. not known} \\\\');
  const [first] = parse(textOf('csv', published), { columns: true }) as Record<string, string>[];
  expect(Number(first['PG ↑ difference'])).toBeCloseTo(2.5, 12);
  expect(first).toMatchObject({ explainer: 'srd', 'PG ↑ published': '90' });
});

test('values of another net are not those of this one, and without the section nothing is added', () => {
  expect(textOf('md', { source: 'Table 9', values: { vgg16: values.toy } })).not.toContain('90.0');
  expect(textOf('md', undefined)).not.toMatch(/published|not known/i);
});
