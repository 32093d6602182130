import type { MetricInfo } from '../../../reports/metric-info.ts';
import type { Config } from '../../experiment/config.ts';
import { say } from '../command.ts';
import { measureThroughput } from '../follow/throughput.ts';
import { notesOf, type RunView } from '../follow/view.ts';
import { gatherMeans } from './means.ts';
import type { LiveRun } from './page.ts';
import { startServer } from './server.ts';

const infosOf = ({ metrics }: Config): MetricInfo[] =>
  metrics.map(({ name, definition: { title, better, range } }) => ({ name, title, better, range }));

/**
 * Follows a run on a page in the browser, at a port of 127.0.0.1. The page ends with the run; on a terminal it stays, with a link to the report,
 * until Ctrl-C.
 */
export async function serveView(config: Config, out: string, port: number): Promise<RunView> {
  const means = gatherMeans();
  const skipped: LiveRun['skipped'][number][] = [];
  const setAside: LiveRun['setAside'][number][] = [];
  let throughput = measureThroughput();
  let run: Omit<LiveRun, 'means' | 'unitsPerSecond' | 'secondsLeft'> = {
    ...{ name: config.name, out, state: 'preparing', done: 0, total: 0, unit: '', notes: [], skipped, setAside },
    metrics: infosOf(config),
  };
  const server = await startServer(port, () => ({ ...run, ...throughput.get(), means: means.tables() }));
  say(`watch the run at ${server.url}`);
  return {
    begin(start) {
      throughput = measureThroughput();
      run = { ...run, state: 'running', total: start.plan.units.length, notes: notesOf(start) };
    },
    show(progress) {
      const { done, total, unit } = progress;
      throughput.add(progress);
      means.add(progress.rows());
      if (progress.skipped) skipped.push(progress.skipped);
      if (progress.setAside) setAside.push(progress.setAside);
      run = { ...run, done, total, unit, state: done < total ? 'running' : 'reporting' };
    },
    async end(result, error) {
      const state = result ? (result.finished ? 'finished' : 'stopped') : 'failed';
      run = { ...run, state, error: error instanceof Error ? error.message : undefined };
      if (state !== 'finished' || !process.stderr.isTTY) return server.close();
      say(`the report is at ${server.url}report.html until Ctrl-C`);
      process.once('SIGINT', () => void server.close());
    },
  };
}
