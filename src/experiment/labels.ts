import { readNames } from '../data/table.ts';
import { UserError } from '../numeric/errors.ts';

/** Reads class names from a CSV with the columns `label` and `name`. Throws `UserError` for a class without a name. */
export async function readLabels(file: string): Promise<string[]> {
  const names = await readNames(file);
  const gap = Array.from(names).indexOf(undefined as unknown as string);
  if (gap >= 0) throw new UserError(`${file}: class ${gap} has no name; list every class up to ${names.length - 1}`);
  return names;
}
