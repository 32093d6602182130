import type { CheckedRun, Used } from '../../reports/metric-check/index.ts';
import { defineCommand, print, say } from './command.ts';

/** `metric-check`: how far the metrics of a finished run can be trusted, by its degraded explainers and controls. */
export const metricCheck = defineCommand({
  builder: (yargs) =>
    yargs
      .positional('run', { type: 'string', demandOption: true, describe: 'folder of a run of metric-check.yaml' })
      .positional('again', { type: 'string', describe: 'folder of the same run with another seed' }),
  async handler({ run, again }) {
    const { UserError } = await import('../numeric/errors.ts');
    const { checkMetrics, writeCheck } = await import('../../reports/metric-check/index.ts');
    const { metrics } = await import('../../metrics/index.ts');
    const { table } = await import('./table.ts');
    const first = await readRun(run);
    const second = again === undefined ? undefined : await readRun(again);
    const infos = first.metrics.flatMap(({ name, use }) => {
      const found = metrics.find((metric) => metric.kind === 'map' && metric.name === use);
      return found ? [{ ...found, name }] : [];
    });
    const checks = checkMetrics(first, infos, second?.rows);
    if (!checks.some(({ measure, mean }) => measure === 'monotonicity' && mean !== null))
      throw new UserError(
        `${run}: no explainer is there both whole and degraded; run a config like experiments/metric-check.yaml`,
      );
    await writeCheck(checks, first.subject, run);
    const cell = ({ mean, low, high }: (typeof checks)[number]) =>
      mean === null
        ? ''
        : [mean, low ?? mean, high ?? mean]
            .map((v) => v.toFixed(2))
            .join(' ')
            .replace(/ (.*) /, ' [$1, ') + ']';
    const measures = [...new Set(checks.map(({ measure }) => measure))];
    print(
      table([
        ['metric', ...measures.map((measure) => `${measure} [95 %]`)],
        ...infos.map(({ name }) => [
          name,
          ...measures.map((m) => cell(checks.find((c) => c.metric === name && c.measure === m && c.of === 'all')!)),
        ]),
      ]),
    );
    say(`${run}/metric-check.csv, and the chart metric-check.png, .svg, .pdf`);
  },
});

/** What a finished run left: its rows, and what run.json says of its explainers and metrics. Throws `UserError` where files are missing. */
async function readRun(folder: string): Promise<CheckedRun & { metrics: readonly Used[]; subject: string }> {
  const { join } = await import('node:path');
  const { readTable } = await import('../data/table.ts');
  const { readRecord } = await import('../experiment/read-record.ts');
  const { config, subjects } = await readRecord(folder);
  const needed = ['model', 'dataset', 'sample', 'explainer', 'attack', 'metric', 'value', 'reason'];
  const found = await readTable(join(folder, 'results.csv'), needed);
  const rows = found.map(({ cells }) => ({
    ...(cells as Record<'model' | 'dataset' | 'sample' | 'explainer' | 'attack' | 'metric' | 'reason', string>),
    value: cells.value === '' ? null : Number(cells.value),
  }));
  const subject = subjects.map(({ model, dataset }) => `${model.name} on ${dataset.name}`).join(', ');
  const used = (entries: readonly object[]) => entries as readonly Used[];
  return { rows, explainers: used(config.explainers), metrics: used(config.metrics), seed: config.seed, subject };
}
