import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { writeWhole } from '../../reports/write.ts';
import { readRun, type FinishedRun } from '../experiment/finished-run.ts';

/** An explainer, attack or metric of a run with all its options. */
export interface Described {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** What the page says of how a run was made. */
export interface RunFacts {
  readonly name: string;
  readonly package: string;
  readonly engine: { readonly name: string; readonly version: string };
  readonly config: {
    readonly seed: number;
    readonly explainers?: readonly Described[];
    readonly attacks?: readonly Described[];
    readonly metrics?: readonly Described[];
  };
  readonly subjects: readonly {
    readonly model: { readonly name: string };
    readonly dataset: { readonly name: string };
    readonly samples: number;
  }[];
  readonly skipped: readonly unknown[];
}

export type PaperRun = FinishedRun & { readonly facts: RunFacts };

const significant = 6;

/** Numbers with fewer digits, so that files stay small and do not change with the last bits of a machine's arithmetic. */
const rounded = (cell: string): string =>
  /^-?\d*[.]?\d+(e[+-]?\d+)?$/.test(cell) && cell.length > significant
    ? String(Number(Number(cell).toPrecision(significant)))
    : cell;

/** Keeps what the page is made from, out of a finished run: its summaries, comparisons and facts, without times. */
export async function keepRun(from: string, to: string): Promise<void> {
  for (const name of ['summary.csv', 'pairwise.csv']) {
    const lines = parse(await readFile(join(from, name), 'utf8')) as string[][];
    await writeWhole(join(to, name), stringify(lines.map((line) => line.map(rounded))));
  }
  const {
    name,
    package: version,
    engine,
    config,
    subjects,
    skipped,
  } = JSON.parse(await readFile(join(from, 'run.json'), 'utf8')) as RunFacts;
  const facts = { name, package: version, engine, config, subjects, skipped };
  await writeWhole(join(to, 'run.json'), `${JSON.stringify(facts, null, 1)}\n`);
}

/** Reads what `keepRun` kept, or the folder of a finished run. Throws `UserError` where it is not there. */
export async function readPaperRun(folder: string): Promise<PaperRun> {
  const run = await readRun(folder);
  return { ...run, facts: JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as RunFacts };
}
