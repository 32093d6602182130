import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pairColumns, summaryColumns } from '../../reports/columns.ts';
import type { MetricInfo } from '../../reports/metric-info.ts';
import type { Pair } from '../../reports/pairwise.ts';
import { readCsv } from '../../reports/read-csv.ts';
import { namesOf, type Cell, type Content } from '../../reports/tables/content.ts';
import { tableLayout, type TableLayout } from '../../reports/tables/layout.ts';
import { UserError } from '../numeric/errors.ts';
import { attackMeasures } from './attack-measures.ts';
import { readTables } from './config/tables.ts';
import { extended } from './config/extend.ts';
import { parseSource } from './config/source.ts';

/** What a finished run left, read back from its folder. */
export interface FinishedRun extends Content {
  readonly verdicts: readonly Pair[];
  /** Layouts of its config; absent where they are the default ones. */
  readonly tables?: readonly TableLayout[];
}

/** What tables need of run.json, of an experiment or of an APOP run. */
interface Recorded {
  readonly config: {
    readonly metrics: readonly {
      readonly name: string;
      readonly title?: string;
      readonly better: MetricInfo['better'];
    }[];
    readonly tables?: readonly unknown[];
  };
}

const numbersOfCells = ['n', 'undefined', 'mean', 'standardError', 'low', 'high'] as const;
const numbersOfPairs = ['n', 'unpaired', 'meanDifference', 'low', 'high', 'p', 'holmP', 'effect'] as const;

/** Reads summary.csv, pairwise.csv and run.json of a folder. Throws `UserError` where one is not there or of another version. */
export async function readRun(folder: string): Promise<FinishedRun> {
  const [summary, pairwise, record] = await Promise.all(
    ['summary.csv', 'pairwise.csv', 'run.json'].map((name) =>
      readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw new UserError(
          `${folder}: holds no finished run (${name}: ${error.code}); give the folder of its results`,
        );
      }),
    ),
  );
  try {
    const { config } = JSON.parse(record) as Recorded;
    return {
      cells: readCsv(summary, summaryColumns, numbersOfCells) as readonly (Cell & object)[],
      verdicts: readCsv(pairwise, pairColumns, numbersOfPairs) as readonly (Pair & object)[],
      metrics: [
        ...config.metrics.map(({ name, title = name, better }) => ({ name, title, better, range: unbounded })),
        ...attackMeasures,
      ],
      tables: config.tables?.map((layout) => tableLayout.parse(layout)),
    };
  } catch (error) {
    throw new UserError(
      `${folder}: another version wrote its results (${(error as Error).message}); run the experiment again, which computes only what is missing`,
      { cause: error },
    );
  }
}

// Tables have no axes that would need to know.
const unbounded = [-Infinity, Infinity] as const;

/** Reads the layouts under `tables:` of a YAML file, such as a config, for the tables of a run. Throws `UserError` with the place of a mistake. */
export async function readLayouts(file: string, { cells }: FinishedRun): Promise<TableLayout[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${file}: cannot read the layout (${error.code}); give the path of a YAML file`);
  });
  const source = await extended(parseSource(text, file));
  const tables = (source.value as { tables?: unknown } | null)?.tables;
  if (!Array.isArray(tables))
    throw new UserError(`${source.at([])}: a layout is a list under the key "tables", as in a config`);
  return readTables(tables, { source, path: ['tables'] }, namesOf(cells));
}
