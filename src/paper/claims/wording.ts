import type { Cell } from '../../../reports/tables/content.ts';
import { numberText } from '../../../reports/tables/number.ts';
import type { FinishedRun } from '../../experiment/finished-run.ts';

/** How a claim fares in a run: a sentence, and a table of what it rests on (its head first; may be empty). */
export interface Finding {
  readonly sentence: string;
  readonly table: readonly (readonly string[])[];
}

export const digits = 3;
/** `0.925 [0.880, 0.953]`. */
export const withInterval = ({ mean, low, high }: Cell): string => {
  const text = (value: number) => numberText(value, digits);
  if (mean === null) return 'no value';
  return low === null || high === null ? text(mean) : `${text(mean)} [${text(low)}, ${text(high)}]`;
};

/** Titles that the tables of a run give to its nets and rows, and titles of its metrics. */
export function titlesOf({ tables = [], metrics }: FinishedRun) {
  const given = Object.assign({}, ...tables.map(({ titles }) => titles)) as Record<string, string>;
  return (name: string) => {
    const [plain, comparison] = name.split(':');
    const metric = metrics.find((info) => info.name === plain)?.title;
    return given[name] ?? (metric ? [metric, comparison?.replaceAll('-', ' ')].filter(Boolean).join(', ') : name);
  };
}

/** `1 comparison`, `2 comparisons`. */
export const counted = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
