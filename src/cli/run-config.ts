import type { Config } from '../experiment/config.ts';
import type { RunResult } from '../experiment/run.ts';
import type { Share } from '../experiment/share.ts';
import { say } from './command.ts';

/** Where and how a config is run. */
export interface RunArguments {
  readonly out: string;
  readonly fresh: boolean;
  readonly quiet: boolean;
  /** By default that of the config. */
  readonly engine?: string;
  readonly threads?: number;
  readonly workers?: number;
  /** The command that goes on with a run that was stopped. */
  readonly again: string;
}

/** Runs a config, showing its progress on stderr; returns undefined where Ctrl-C stopped it, and sets the exit code then. */
export async function runConfig(
  config: Config,
  { out, fresh, quiet, engine, threads, workers, again }: RunArguments,
): Promise<RunResult | undefined> {
  const { runExperiment } = await import('../experiment/run.ts');
  const { interruptible } = await import('./interrupt.ts');
  const { progressView } = await import('./progress.ts');
  const view = quiet ? undefined : progressView();
  const { signal, dispose } = interruptible();
  let result: RunResult;
  try {
    result = await runExperiment(config, {
      out,
      fresh,
      engine,
      threads,
      workers,
      signal,
      onPlan({ units, leftOut }, subjects, share) {
        if (quiet) return;
        say(`${config.name}: ${units.length} units of work, results go to ${out} (${inWords(share)})`);
        for (const { attack, explainer } of leftOut)
          say(`left out: ${attack.name} against ${explainer.name}, a black box`);
        for (const model of new Set(subjects.map((s) => s.model)))
          for (const note of model.notes) say(`${model.name}: ${note}`);
      },
      onProgress: view?.show,
    });
  } finally {
    view?.end();
    dispose();
  }
  for (const { dataset, sample, reason } of result.skipped) say(`skipped ${sample} of ${dataset}: ${reason}`);
  if (!result.finished) {
    say(`stopped: ${result.computed + result.reused} of ${result.units} units are done; to go on: ${again}`);
    process.exitCode = 130;
    return undefined;
  }
  say(
    `${result.units} units (${result.computed} computed, ${result.reused} from before), ${result.rows} rows: ${out}/report.html, results.csv, results.parquet, summary.csv, pairwise.csv, ranks.csv, tables/, charts/, heatmaps/, run.json`,
  );
  return result;
}

const inWords = ({ workers, threads }: Share): string =>
  `${workers} ${workers === 1 ? 'process' : 'processes'} with ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
