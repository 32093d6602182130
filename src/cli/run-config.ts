import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../experiment/config.ts';
import type { RunResult } from '../experiment/run.ts';
import type { Shard } from '../experiment/shard.ts';
import { say, type Log } from './command.ts';
import type { RunView } from './follow/view.ts';
import { cacheOf } from './run-options.ts';

/** Where and how a config is run. */
export interface RunArguments {
  readonly out: string;
  readonly fresh: boolean;
  readonly quiet: boolean;
  /** By default that of the config. */
  readonly engine?: string;
  readonly threads?: number;
  readonly workers?: number;
  readonly samples?: number;
  readonly log: Log;
  /** Folder of the cache, by default in that of the results, and the GiB that it may hold. */
  readonly cache?: string;
  readonly cacheSize?: number;
  readonly shard?: Shard;
  /** URL of the queue whose workers compute; by default this process does. */
  readonly queue?: string;
  /** Port of a page that shows the run; 0 for any free one. */
  readonly serve?: number;
  /** The command that goes on with a run that was stopped. */
  readonly again: string;
}

async function viewsOf(config: Config, { out, quiet, log, serve, again }: RunArguments): Promise<RunView[]> {
  const { jsonView } = await import('./follow/json.ts');
  const { textView } = await import('./follow/text.ts');
  const view = log === 'json' ? jsonView(again) : textView({ quiet, again });
  if (serve === undefined) return [view];
  const { serveView } = await import('./serve/view.ts');
  return [view, await serveView(config, out, serve)];
}

/** The name of the run whose results are in a folder; undefined where there are none. */
async function nameIn(folder: string): Promise<unknown> {
  const text = await readFile(join(folder, 'run.json'), 'utf8').catch(() => '{}');
  try {
    return (JSON.parse(text) as { readonly name?: unknown }).name;
  } catch {
    return undefined;
  }
}

/** Runs a config, shown as the arguments say; returns undefined where Ctrl-C stopped it, and sets the exit code then. */
export async function runConfig(config: Config, given: RunArguments): Promise<RunResult | undefined> {
  const { runExperiment } = await import('../experiment/run.ts');
  const { checkPlaces } = await import('../../reports/write.ts');
  const { diskError } = await import('./disk.ts');
  const { interruptible, stopped } = await import('./interrupt.ts');
  const { out, fresh, engine, threads, workers, samples, queue, shard, cache } = given;
  // What cannot be kept on the way is made again without a word: this is the time to say that nothing can.
  if (cache !== undefined) await checkPlaces([join(cache, 'anything')]);
  const before = await nameIn(out);
  if (before !== undefined && before !== config.name && !given.quiet)
    say(
      `${out} holds the results of "${String(before)}", which these replace${fresh ? '' : '; what was computed for them is kept'}`,
    );
  const executor = queue === undefined ? undefined : await distributed(queue);
  const views = await viewsOf(config, given);
  const { signal, dispose } = interruptible();
  let ended: RunResult | undefined;
  let failed: unknown;
  try {
    ended = await runExperiment(config, {
      out,
      fresh,
      engine,
      threads,
      workers,
      samples,
      executor,
      shard,
      cache: cacheOf(given),
      signal,
      onPlan: (plan, subjects, share) => views.forEach((view) => view.begin({ config, plan, subjects, share, out })),
      onProgress: (progress) => views.forEach((view) => view.show(progress)),
    });
  } catch (error) {
    failed = diskError(error, out);
    throw failed;
  } finally {
    for (const view of views) await view.end(ended, failed);
    dispose();
  }
  if (!ended?.finished) process.exitCode = stopped;
  else if (ended.setAside.length > 0) process.exitCode = 1;
  return ended?.finished ? ended : undefined;
}

/** Has units computed by the workers of a queue, and says how to start one. */
async function distributed(url: string) {
  const { throughQueue } = await import('../experiment/queue/run.ts');
  const { shownUrl } = await import('../experiment/queue/connection.ts');
  say(`units are computed by workers; to start one, here or elsewhere: xai-gauntlet worker --queue ${shownUrl(url)}`);
  return throughQueue(url, (line) => say(line));
}
