import type { TableCell, TableColumn } from './build.ts';
import type { TableLayout } from './layout.ts';
import { numberText } from './number.ts';

/** The mean of a cell; a dash with the count of values where there is none, a dash alone where nothing was measured. */
export function meanText({ cell }: TableCell, { digits, scale }: TableColumn): string {
  if (!cell) return '–';
  return cell.mean === null ? `– (${cell.n}/${cell.n + cell.undefined})` : numberText(scale * cell.mean, digits);
}

/** What stands beside the mean; empty where there is nothing. */
export function spreadText({ cell }: TableCell, { digits, scale }: TableColumn, spread: TableLayout['spread']): string {
  if (!cell || cell.mean === null) return '';
  const { low, high, standardError } = cell;
  const text = (value: number) => numberText(scale * value, digits);
  if (spread === 'interval' && low !== null && high !== null) return `[${text(low)}, ${text(high)}]`;
  return spread === 'standard-error' && standardError !== null ? `± ${text(standardError)}` : '';
}
