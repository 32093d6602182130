import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { catalogue } from '../../src/experiment/catalogue.ts';
import { passesText } from '../explainers/passes.ts';
import { setups, type Axiom } from '../explainers/table.ts';

const file = new URL('../../docs/explainers.md', import.meta.url);
const page = await readFile(file, 'utf8');
const table = /(?<=<!-- table -->\n\n)(\|.*\n)+/.exec(page)![0];

const columns = [
  'name',
  'source',
  'box',
  'options',
  'nets',
  'complete',
  'class',
  'sign',
  'shift',
  'units',
  'seed',
  'passes',
];
const cellsOf = (line: string) =>
  line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());

/** What the definitions and the table of axioms say of each explainer. */
const expected = catalogue.explainers().map(({ name, paper, kind, options }) => {
  const setup = setups.find(({ use }) => use === name)!;
  const holds = (axiom: Axiom) => setup.holds.includes(axiom);
  return [
    `\`${name}\``,
    String(paper),
    String(kind).replace(' box', ''),
    options.map((option) => option.name).join(', '),
    setup.nets ?? 'all',
    holds('complete') ? 'yes' : holds('complete without bias') ? 'without bias' : 'no',
    holds('class-blind') ? 'no' : 'yes',
    holds('non-negative') ? '≥ 0' : '±',
    holds('shift') ? 'yes' : 'no',
    holds('rescaling') ? 'yes' : 'no',
    holds('no seed') ? 'no' : 'yes',
    passesText(setup),
  ];
});

// The columns after these are measured. Run the test with UPDATE_DOCS=1 to write the others anew.
test('the table of explainers says what their definitions and the tests say', async () => {
  const [head, , ...rows] = table.trimEnd().split('\n').map(cellsOf);
  if (process.env.UPDATE_DOCS) {
    const measured = new Map(rows.map((cells) => [cells[0], cells.slice(columns.length)]));
    const empty = head.slice(columns.length).map(() => '');
    const lines = expected.map((cells) => [...cells, ...(measured.get(cells[0]) ?? empty)]);
    const text = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
    await writeFile(file, page.replace(table, text));
    return;
  }
  expect(head.slice(0, columns.length)).toEqual(columns);
  expect(rows.map((cells) => cells.slice(0, columns.length))).toEqual(expected);
});
