import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRecord } from '../../reports/index.ts';
import { UserError } from '../numeric/errors.ts';

/** Reads run.json. Throws `UserError` where there is none, or none that an experiment of this version wrote. */
export async function readRecord(folder: string): Promise<RunRecord> {
  const text = await readFile(join(folder, 'run.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${folder}: holds no finished run (run.json: ${error.code}); give the folder of its results`);
  });
  let record: Partial<RunRecord> & { readonly config?: { readonly kind?: string } };
  try {
    record = JSON.parse(text) as Partial<RunRecord>;
  } catch (error) {
    throw new UserError(
      `${folder}: run.json is damaged; run the experiment again, which computes only what is missing`,
      {
        cause: error,
      },
    );
  }
  if (record.config?.kind === 'apop')
    throw new UserError(`${folder}: holds a run of kind apop; give the folder of an experiment with metrics`);
  if (!record.setting)
    throw new UserError(
      `${folder}: run.json is of an earlier version and lacks the config; run the experiment again, which computes only what is missing`,
    );
  return record as RunRecord;
}
