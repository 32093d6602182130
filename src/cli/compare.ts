import { join } from 'node:path';
import type { Comparison, ComparisonLine } from '../../reports/comparison.ts';
import { UserError } from '../numeric/errors.ts';
import { defineCommand, print } from './command.ts';
import { planned, refuseMeasure } from './experiment.ts';
import { runConfig } from './run-config.ts';
import { measureOption, repeated, runOptions, samplesOption, serveOption } from './run-options.ts';

/** `compare`: one explainer against another on the models, data, attacks and metrics of a config. */
export const compare = defineCommand({
  builder: (yargs) =>
    yargs.options({
      explainer: {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'name, or a plug-in that defines it: mine.ts, or mine.ts#name where it defines several',
      },
      against: { type: 'string', default: 'srd-apop', requiresArg: true, describe: 'the other one, likewise' },
      config: { type: 'string', demandOption: true, requiresArg: true, describe: 'YAML file of the experiment' },
      out: {
        type: 'string',
        requiresArg: true,
        describe: 'folder of the results',
        defaultDescription: 'runs/compare-<explainer>-<against>-<name>',
      },
      plan: { type: 'boolean', default: false, describe: 'say what would be run, and estimate what it takes' },
      measure: measureOption,
      fresh: { type: 'boolean', default: false, describe: 'forget the results that are in the folder' },
      quiet: { type: 'boolean', default: false, describe: 'show no progress' },
      json: { type: 'boolean', default: false, describe: 'as JSON' },
      samples: samplesOption,
      ...runOptions,
      serve: serveOption,
    }),
  async handler({ explainer, against, config: file, out, plan, measure, json, ...rest }) {
    refuseMeasure(plan, measure);
    const { readConfig } = await import('../experiment/config.ts');
    const { comparisonConfig } = await import('../experiment/compare.ts');
    const whole = await readConfig(file);
    if (whole.executor !== undefined && whole.executor !== 'process')
      throw new UserError(
        `${whole.source.at(['executor'])}: compare computes in this process and its workers, not by a queue; leave the executor out`,
      );
    const config = await comparisonConfig(whole, explainer, against);
    if (plan) {
      print(await planned(config, measure, rest));
      return;
    }
    const folder = out ?? join('runs', config.name);
    const again = `xai-gauntlet compare --explainer ${explainer} --against ${against} --config ${file} --out ${folder}${repeated(rest)}`;
    if (!(await runConfig(config, { ...rest, out: folder, again }))) return;
    const { readRun } = await import('../experiment/finished-run.ts');
    const { compareTwo } = await import('../../reports/comparison.ts');
    const [first, second] = config.explainers;
    const comparison = compareTwo((await readRun(folder)).verdicts, first.name, second.name);
    print(json ? JSON.stringify({ ...comparison, out: folder }, null, 2) : await textOf(comparison));
  },
});

const short = (value: number | null) => (value === null ? '' : value.toPrecision(3));

/** The lines as a table, a name that never changes left out, and the claim below. */
async function textOf({ explainer, other, lines, claim }: Comparison): Promise<string> {
  const { table } = await import('./table.ts');
  const several = (pick: (line: ComparisonLine) => string) => new Set(lines.map(pick)).size > 1;
  const names = (['model', 'dataset', 'attack', 'metric'] as const).filter(
    (name) => name === 'metric' || name === 'attack' || several((line) => line[name]),
  );
  const rows = lines.map((line) => [
    ...names.map((name) => line[name]),
    line.goal,
    `${line.n}`,
    short(line.meanDifference),
    line.low === null || line.high === null ? '' : `[${short(line.low)}, ${short(line.high)}]`,
    short(line.p),
    short(line.holmP),
    line.verdict,
  ]);
  const head = [...names, 'goal', 'n', 'difference', '95 % interval', 'p', 'holm p', explainer];
  const numbers = [1, 2, 3, 4, 5].map((i) => names.length + i);
  return `${explainer} - ${other}, sample by sample\n\n${table([head, ...rows], numbers)}\n\n${claim}`;
}
