import { kindOfConfig, readApopConfig } from '../apop/config.ts';
import { readConfig } from '../experiment/config.ts';
import { didYouMean } from '../experiment/config/suggest.ts';
import { UserError } from '../numeric/errors.ts';
import type { Section } from '../paper/sections.ts';
import { runApopConfig } from './run-apop-config.ts';
import { runConfig, type RunArguments } from './run-config.ts';

/** The sections with some names, or all. Throws `UserError` for a name that is not there. */
export function chosen(sections: readonly Section[], names: readonly string[]): readonly Section[] {
  const known = sections.map(({ run }) => run);
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new UserError(`no table "${stranger}"${didYouMean(stranger, known)} (there are: ${known.join(', ')})`);
  return names.length === 0 ? sections : sections.filter(({ run }) => names.includes(run));
}

/** Reads all configs before anything is run. Throws one `UserError` that says everything that is missing. */
export async function checkConfigs(files: readonly string[]): Promise<void> {
  const missing: string[] = [];
  for (const file of files)
    try {
      await ((await kindOfConfig(file)) === 'apop' ? readApopConfig(file) : readConfig(file));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      missing.push(error.message);
    }
  if (missing.length > 0) throw new UserError(missing.join('\n\n'));
}

/** Runs the config of a table, or goes on with it; false where Ctrl-C stopped it. */
export async function runTable(file: string, options: Omit<RunArguments, 'again'>): Promise<boolean> {
  const again = 'the same command';
  if ((await kindOfConfig(file)) === 'apop') return runApopConfig(file, { ...options, again });
  return (await runConfig(await readConfig(file), { ...options, again })) !== undefined;
}
