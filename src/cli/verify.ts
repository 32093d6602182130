import type { Verification } from '../experiment/verify.ts';
import type { UnitCheck } from '../experiment/verify/compare-rows.ts';
import { defineCommand, print, say } from './command.ts';
import { engineOption } from './engine.ts';
import { countOption, seedOption } from './number-options.ts';

/** `verify`: computes a part of a finished run again. */
export const verify = defineCommand({
  builder: (yargs) =>
    yargs.positional('run', { type: 'string', demandOption: true, describe: 'folder of its results' }).options({
      sample: countOption('sample', 'number of units', 20),
      seed: seedOption('seed of the draw of units'),
      engine: { ...engineOption, defaultDescription: 'that of the run' },
      tolerance: {
        type: 'number',
        requiresArg: true,
        describe: 'difference that counts as none, relative to values above 1',
        defaultDescription: '0 where all is as in the run, else 0.001',
      },
      json: { type: 'boolean', default: false, describe: 'as JSON' },
    }),
  async handler({ run, json, ...options }) {
    const { UserError } = await import('../numeric/errors.ts');
    const { sample, tolerance = 0 } = options;
    if (!(tolerance >= 0)) throw new UserError('--tolerance: expected a number of at least 0');
    const { verifyRun } = await import('../experiment/verify.ts');
    const { interruptible, stopped } = await import('./interrupt.ts');
    const { progressView } = await import('./progress.ts');
    const view = progressView();
    const { signal, dispose } = interruptible();
    let found: Verification;
    try {
      found = await verifyRun(run, { ...options, signal, onProgress: (progress) => view.show(progress) });
    } finally {
      view.end();
      dispose();
    }
    print(json ? JSON.stringify(found, null, 2) : await textOf(found));
    if (signal.aborted) say(`stopped: ${found.checks.length} of ${Math.min(sample, found.units)} units were compared`);
    if (found.changed.length > 0 || found.checks.some(({ differences }) => differences.length > 0))
      process.exitCode = 1;
    else if (signal.aborted) process.exitCode = stopped;
  },
});

/** Differences that are listed of each unit. */
const listed = 5;

function differencesOf({ unit, differences }: UnitCheck): string[] {
  if (differences.length === 0) return [];
  const lines = differences
    .slice(0, listed)
    .map(({ metric, before = 'no row', now = 'no row' }) => `  ${metric}: ${before} in the run, ${now} now`);
  const more = differences.length - listed;
  return [unit, ...lines, ...(more > 0 ? [`  and ${more} more`] : [])];
}

async function textOf({ units, checks, tolerance, unlike, changed }: Verification): Promise<string> {
  const { table } = await import('./table.ts');
  const rows = checks.map(({ unit, rows, largest, differences }) => [
    unit,
    `${rows}`,
    largest === 0 ? '0' : largest.toPrecision(2),
    differences.length === 0 ? 'same' : `${differences.length} differ`,
  ]);
  const differing = checks.filter(({ differences }) => differences.length > 0);
  const within = tolerance === 0 ? 'to the last digit' : `within ${tolerance}`;
  const verdict =
    differing.length === 0
      ? `${checks.length} of ${units} units computed again: all the same ${within}`
      : `${checks.length} of ${units} units computed again: ${differing.length} differ (the same is: ${within})`;
  return [
    table([['unit', 'rows', 'largest difference', ''], ...rows], [1, 2]),
    ...differing.flatMap(differencesOf),
    ...unlike,
    ...changed.map((what) => `changed: ${what}`),
    verdict,
  ].join('\n');
}
