import { z } from 'zod';
import type { Cell } from './content.ts';
import { numberText } from './number.ts';

/** Values that others have published, as they print them: by model and explainer, one a column of the table, null where it is not known. */
export const publishedValues = z.strictObject({
  source: z.string(),
  values: z.record(z.string(), z.record(z.string(), z.array(z.number().nullable()))).default({}),
});

/** What stands beside a measured mean where a table has published values. */
export interface Published {
  /** Null where it is not known. */
  readonly value: number | null;
  /** Of the measured mean, in the scale of the column, less the published value. */
  readonly difference: number | null;
}

/** The published value of one place of a table, beside its mean. */
export function publishedAt(
  { values }: z.output<typeof publishedValues>,
  { model, explainer, column }: { readonly model: string; readonly explainer: string; readonly column: number },
  cell: Cell | undefined,
  scale: number,
): Published {
  const value = values[model]?.[explainer]?.[column] ?? null;
  const mean = cell?.mean ?? null;
  return { value, difference: value === null || mean === null ? null : scale * mean - value };
}

/** `0.95 (+0.03)`: the published value and the difference of the measured one from it. */
export function publishedText({ value, difference }: Published, digits: number): string {
  if (value === null) return 'not known';
  const sign = (difference ?? 0) > 0 ? '+' : '';
  return `${numberText(value, digits)}${difference === null ? '' : ` (${sign}${numberText(difference, digits)})`}`;
}
