import { join } from 'node:path';
import type { Config } from '../experiment/config.ts';
import type { RunResult } from '../experiment/run.ts';
import { defineCommand, print, say } from './command.ts';

/** `experiment`: runs a config, or goes on with a run that was stopped. */
export const experiment = defineCommand({
  command: 'experiment',
  describe: 'run an experiment, or go on with one that was stopped',
  builder: (yargs) =>
    yargs.options({
      config: { type: 'string', demandOption: true, requiresArg: true, describe: 'YAML file of the experiment' },
      out: { type: 'string', requiresArg: true, describe: 'folder of the results', defaultDescription: 'runs/<name>' },
      plan: { type: 'boolean', default: false, describe: 'say what would be run, and run nothing' },
      fresh: { type: 'boolean', default: false, describe: 'forget the results that are in the folder' },
      quiet: { type: 'boolean', default: false, describe: 'show no progress and no table' },
      threads: {
        type: 'number',
        requiresArg: true,
        describe: 'threads of one operator; other numbers change the last digits',
        defaultDescription: 'one a core',
      },
    }),
  async handler({ config: file, out, plan, fresh, quiet, threads }) {
    const { UserError } = await import('../numeric/errors.ts');
    if (threads !== undefined && !(Number.isInteger(threads) && threads > 0))
      throw new UserError('--threads: expected a whole number of at least 1');
    const { readConfig } = await import('../experiment/config.ts');
    const config = await readConfig(file);
    if (plan) print(await planned(config));
    else await run(config, { out: out ?? join('runs', config.name), fresh, quiet, threads, file });
  },
});

async function planned(config: Config): Promise<string> {
  const { openSubjects } = await import('../experiment/subject.ts');
  const { makePlan } = await import('../experiment/plan.ts');
  const { planText } = await import('../experiment/plan-text.ts');
  return planText(config, makePlan(config, await openSubjects(config)));
}

interface RunArguments {
  readonly out: string;
  readonly fresh: boolean;
  readonly quiet: boolean;
  readonly threads?: number;
  readonly file: string;
}

async function run(config: Config, { out, fresh, quiet, threads, file }: RunArguments): Promise<void> {
  const { createOnnxRuntimeEngine } = await import('../engine/onnxruntime.ts');
  const { runExperiment } = await import('../experiment/run.ts');
  const { interruptible } = await import('./interrupt.ts');
  const { progressView } = await import('./progress.ts');
  const view = quiet ? undefined : progressView();
  const engine = createOnnxRuntimeEngine({ threads });
  const { signal, dispose } = interruptible();
  let result: RunResult;
  try {
    result = await runExperiment(config, {
      out,
      fresh,
      engine,
      signal,
      onPlan({ units, leftOut }, subjects) {
        if (quiet) return;
        say(`${config.name}: ${units.length} units of work, results go to ${out}`);
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
  await engine.release();
  for (const { dataset, sample, reason } of result.skipped) say(`skipped ${sample} of ${dataset}: ${reason}`);
  if (!result.finished) {
    say(
      `stopped: ${result.computed + result.reused} of ${result.units} units are done; to go on: xai-gauntlet experiment --config ${file} --out ${out}`,
    );
    process.exitCode = 130;
    return;
  }
  if (!quiet) {
    const { summaryTable } = await import('./summary-table.ts');
    print(summaryTable(result.summaries, process.stdout.columns ?? 160));
  }
  say(
    `${result.units} units (${result.computed} computed, ${result.reused} from before), ${result.rows} rows: ${out}/results.csv, summary.csv, pairwise.csv, ranks.csv, tables/, charts/, heatmaps/, run.json`,
  );
}
