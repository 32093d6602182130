import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore, storeFile, type StoredCells } from '../../src/experiment/store.ts';
import { storedIn } from '../../src/experiment/store/lines.ts';
import { temporaryFolder } from './tiny.ts';

const hash = (i: number) => `${i}`.repeat(64);
const samplesOf = (...indices: number[]) => Object.fromEntries(indices.map((i) => [`${i}.png`, hash(i)]));

/** Cells of a unit that depends on some samples. */
const cellsOf = (key: string, ...indices: number[]): StoredCells => ({
  key,
  samples: samplesOf(...indices),
  facts: { label: 1, prediction: 2, target: 2 },
  cells: { a: { rows: [{ metric: 'a', value: 0.5, reason: '', discarded: null }], curves: {} } },
});

const written = [
  cellsOf('clean', 1),
  cellsOf('steered', 1, 2),
  cellsOf('first', 1, 2, 3),
  cellsOf('second', 1, 2, 3),
  cellsOf('apart', 1, 2, 4),
  cellsOf('third', 1, 2, 3),
  cellsOf('first', 1, 2, 3),
];

async function filled() {
  const folder = await temporaryFolder();
  const store = await openStore(folder);
  for (const cells of written) store.append(cells);
  store.close();
  return { folder, lines: async () => (await readFile(storeFile(folder), 'utf8')).trimEnd().split('\n') };
}

/** What the file holds, line by line. */
async function inOrder(folder: string): Promise<StoredCells[]> {
  const found: StoredCells[] = [];
  for await (const stored of storedIn(storeFile(folder))) found.push(stored);
  return found;
}

async function read(folder: string): Promise<StoredCells[]> {
  const store = await openStore(folder);
  const found = [...new Set(written.map(({ key }) => key))].flatMap((key) => store.get(key));
  store.close();
  return found;
}

test('hashes of many samples are written once and come back with every unit', async () => {
  const { folder, lines } = await filled();
  const found = await read(folder);
  expect(found.toSorted((a, b) => a.key.localeCompare(b.key))).toEqual(
    written.toSorted((a, b) => a.key.localeCompare(b.key)),
  );
  expect(await inOrder(folder)).toEqual(written);
  expect((await lines()).map((line) => line.split(hash(2)).length - 1)).toEqual([0, 1, 1, 0, 1, 0, 0]);
  const again = await openStore(folder);
  again.append(cellsOf('fourth', 1, 2, 3));
  expect(again.get('fourth')).toEqual([cellsOf('fourth', 1, 2, 3)]);
  again.close();
  expect((await lines()).at(-1)).not.toContain(hash(2));
});

test('units whose hashes are lost with a damaged line count as not there', async () => {
  const { folder, lines } = await filled();
  const damaged = await lines();
  damaged[2] = damaged[2].replace(/."facts"/, '');
  await writeFile(storeFile(folder), `${damaged.join('\n')}\n{"key":"torn`);
  expect((await read(folder)).map(({ key }) => key)).toEqual(['clean', 'steered', 'apart']);
  expect((await inOrder(folder)).map(({ key }) => key)).toEqual(['clean', 'steered', 'apart']);
  const store = await openStore(folder);
  store.append(cellsOf('second', 1, 2, 3));
  store.append(cellsOf('third', 1, 2, 3));
  store.close();
  expect((await read(folder)).map(({ key }) => key)).toEqual(['clean', 'steered', 'second', 'apart', 'third']);
  expect(await lines()).toHaveLength(9);
});

test('lines that have all hashes themselves, as earlier versions wrote them, are read', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'units.jsonl'), written.map((cells) => `${JSON.stringify(cells)}\n`).join(''));
  expect(await read(folder)).toHaveLength(written.length);
  expect(await inOrder(folder)).toEqual(written);
});
