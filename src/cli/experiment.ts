import { basename, join } from 'node:path';
import type { Config } from '../experiment/config.ts';
import type { Shard } from '../experiment/shard.ts';
import { UserError } from '../numeric/errors.ts';
import { defineCommand, print } from './command.ts';
import { queueUrl } from './queue-url.ts';
import { runConfig } from './run-config.ts';
import { measureOption, repeated, runOptions, samplesOption, serveOption } from './run-options.ts';

/** `experiment`: runs a config, or goes on with a run that was stopped. */
export const experiment = defineCommand({
  builder: (yargs) =>
    yargs.options({
      config: { type: 'string', demandOption: true, requiresArg: true, describe: 'YAML file of the experiment' },
      out: { type: 'string', requiresArg: true, describe: 'folder of the results', defaultDescription: 'runs/<name>' },
      plan: { type: 'boolean', default: false, describe: 'say what would be run, and estimate what it takes' },
      measure: measureOption,
      fresh: { type: 'boolean', default: false, describe: 'forget the results that are in the folder' },
      quiet: { type: 'boolean', default: false, describe: 'show no progress and no table' },
      samples: samplesOption,
      ...runOptions,
      serve: serveOption,
      shard: {
        type: 'string',
        requiresArg: true,
        describe: 'k/n: compute the k-th of n parts of the samples; merge puts them together',
        coerce: readShard,
      },
      queue: {
        type: 'string',
        requiresArg: true,
        describe: 'redis://HOST:6379/0: have the units computed by the workers there',
        defaultDescription: 'executor of the config',
      },
    }),
  async handler({ config: file, out, plan, measure, queue, shard, ...rest }) {
    refuseMeasure(plan, measure);
    const { kindOfConfig } = await import('../apop/config.ts');
    if ((await kindOfConfig(file)) === 'apop') {
      const { plannedApop, runApopConfig } = await import('./run-apop-config.ts');
      const { samples, serve, workers, cache, cacheSize } = rest;
      refuse(file, { shard, queue, samples, serve, workers, cache, 'cache-size': cacheSize });
      if (plan) return print(await plannedApop(file));
      const folder = out ?? join('runs', basename(file, '.yaml'));
      const again = `xai-gauntlet experiment --config ${file} --out ${folder}${repeated(rest)}`;
      await runApopConfig(file, { ...rest, out: folder, again });
      return;
    }
    const { readConfig } = await import('../experiment/config.ts');
    const config = await readConfig(file);
    if (plan) print(await planned(config, measure, rest));
    else {
      const part = shard ? `-shard-${shard.index}-of-${shard.count}` : '';
      const folder = out ?? join('runs', `${config.name}${part}`);
      const place = await placeOf(shard, queue);
      const again = `xai-gauntlet experiment --config ${file} --out ${folder}${repeated(rest)}${place}`;
      const result = await runConfig(config, { ...rest, out: folder, queue: queueOf(config, queue), shard, again });
      if (!result || rest.quiet || shard) return;
      const { summaryTable } = await import('./summary-table.ts');
      print(summaryTable(result.summaries, process.stdout.columns ?? 160));
    }
  },
});

/** Throws `UserError` for `--measure` where nothing is planned. */
export function refuseMeasure(plan: boolean, measure?: number): void {
  if (!plan && measure !== undefined)
    throw new UserError('--measure: only --plan measures; give both, or leave it out');
}

/** Throws `UserError` for options that a config of kind apop has no use for. */
function refuse(file: string, options: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(options).filter((name) => options[name] !== undefined);
  if (given.length > 0)
    throw new UserError(
      `--${given.join(', --')}: not for ${file}, which is of kind apop and runs in this process, without a cache or a page; leave ${given.length > 1 ? 'them' : 'it'} out`,
    );
}

function readShard(text?: string): Shard | undefined {
  if (text === undefined) return undefined;
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (!(index >= 1 && index <= count)) throw new UserError(`--shard ${text}: expected k/n with k from 1 to n, as 3/10`);
  return { index, count };
}

/** The options of a command that goes on which say what is computed and where; without the password of a queue. */
async function placeOf(shard?: Shard, queue?: string): Promise<string> {
  const part = shard ? ` --shard ${shard.index}/${shard.count}` : '';
  if (queue === undefined) return part;
  const { shownUrl } = await import('../experiment/queue/connection.ts');
  return `${part} --queue ${shownUrl(queue)}`;
}

/** The URL of the queue that a config or `--queue` asks for. */
function queueOf({ executor }: Config, given?: string): string | undefined {
  if (given !== undefined || executor === undefined || executor === 'process') return given;
  return executor === 'bullmq' ? queueUrl() : executor.bullmq.url;
}

/** What running a config would do, in words, with an estimate from what can be measured in some seconds. */
export async function planned(
  config: Config,
  seconds = 20,
  { engine: chosen, samples, ...given }: { engine?: string; samples?: number; threads?: number; workers?: number },
): Promise<string> {
  const { openSubjects } = await import('../experiment/subject.ts');
  const { firstSamples, makePlan } = await import('../experiment/plan.ts');
  const { planText } = await import('../experiment/plan-text.ts');
  const subjects = await openSubjects(config);
  const plan = firstSamples(makePlan(config, subjects), samples ?? Infinity);
  const text = planText(config, plan);
  if (seconds === 0) return text;
  const { shareOut } = await import('../experiment/share.ts');
  const { estimateOf } = await import('../experiment/estimate.ts');
  const { estimateText } = await import('../experiment/estimate-text.ts');
  const { measureFor } = await import('../experiment/workers/measuring.ts');
  const share = shareOut(
    subjects.map(({ model }) => model),
    given,
  );
  const setting = { recipe: config.recipe, engine: chosen ?? config.engine, threads: share.threads };
  return `${text}\n${estimateText(estimateOf(plan, await measureFor(setting, seconds), share), share)}`;
}
