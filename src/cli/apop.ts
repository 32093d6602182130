import type { ApopSummary } from '../../reports/apop/index.ts';
import type { Dataset } from '../data/dataset.ts';
import { defineCommand, print, say } from './command.ts';
import { engineOption } from './engine.ts';
import { modelOptions, preprocessingOptions } from './model-options.ts';
import { optionalCount, seedOption } from './number-options.ts';

const references = ['black', 'white', 'mean', 'noise'] as const;

/** `apop`: how much of a model's predictions its activation patterns alone carry. */
export const apop = defineCommand({
  builder: (yargs) =>
    yargs.options({
      model: { type: 'string', demandOption: true, requiresArg: true, describe: 'ONNX file, or zoo:NAME' },
      ...preprocessingOptions,
      data: { type: 'string', default: 'scenes', requiresArg: true, describe: 'scenes, or a folder with labels.csv' },
      limit: optionalCount('limit', 'number of pictures', '500 scenes, or the whole folder'),
      reference: {
        choices: references,
        array: true,
        default: [...references],
        describe: 'inputs that take the place of the picture',
      },
      pooling: {
        choices: ['own', 'recorded'] as const,
        default: 'own' as const,
        describe: 'max pools choose anew, or as they did for the picture',
      },
      seed: seedOption('seed of the noise'),
      engine: engineOption,
      out: { type: 'string', default: 'runs/apop', requiresArg: true, describe: 'folder of the results' },
    }),
  async handler(args) {
    const { UserError } = await import('../numeric/errors.ts');
    const { limit, pooling, seed, out } = args;
    const chosen = [...new Set(args.reference)];
    if (chosen.length === 0) throw new UserError(`--reference: name at least one of ${references.join(', ')}`);
    const { loadModel } = await import('../model/model.ts');
    const model = await loadModel(await modelOptions(args));
    const dataset = await openData(args.data, limit, model.size);

    const { checkPlaces } = await import('../../reports/write.ts');
    const { join } = await import('node:path');
    await checkPlaces([join(out, 'apop.csv')]);
    const { openEngine } = await import('../engine/select.ts');
    const { runApop } = await import('../apop/run.ts');
    const { interruptible, sayStopped } = await import('./interrupt.ts');
    const { progressView } = await import('./progress.ts');
    const engine = await openEngine(args.engine);
    const view = progressView();
    const { signal, dispose } = interruptible();
    try {
      const options = { references: chosen, pooling, seed, signal, onProgress: view.show };
      const { rows, skipped, finished } = await runApop(model, dataset, engine, options);
      view.end();
      for (const { sample, reason } of skipped.slice(0, 5)) say(`skipped ${sample}: ${reason}`);
      if (skipped.length > 5) say(`skipped ${skipped.length - 5} more`);
      if (!finished) return sayStopped();
      if (rows.length === 0) throw new UserError(`${args.data}: none of its pictures can be read`);
      const { summariseApop, writeApop } = await import('../../reports/apop/index.ts');
      const summaries = summariseApop(rows, model.classes);
      const { basename, resolve } = await import('node:path');
      const subject = `${model.name} on ${basename(resolve(args.data))}, ${pooling} pooling`;
      await writeApop(rows, summaries, subject, out);
      print(await summaryText(summaries));
      say(`${rows.length} rows: ${out}/apop.csv, apop-summary.csv, and the chart apop.png, .svg, .pdf`);
    } finally {
      view.end();
      dispose();
      await engine.release();
    }
  },
});

/** The drawn scenes, or a folder of labelled pictures. */
async function openData(data: string, limit: number | undefined, size: readonly [number, number]): Promise<Dataset> {
  const { resolve } = await import('node:path');
  const { UserError } = await import('../numeric/errors.ts');
  const { findDataset } = await import('../data/index.ts');
  const drawn = data === 'scenes';
  const definition = findDataset(drawn ? 'scenes' : 'image-folder');
  const options = definition.options.parse(drawn ? { count: limit ?? 500 } : { path: data, limit });
  const dataset = await definition.open(options, { size, resolve: (path) => resolve(path) });
  if (!dataset.provides.includes('label'))
    throw new UserError(
      `${data}: has no labels, which accuracy needs; put a labels.csv with the columns file,label there`,
    );
  return dataset;
}

/** A line a reference: counts and shares with their 95 % intervals, then chance and the constant answer. */
async function summaryText(summaries: readonly ApopSummary[]): Promise<string> {
  const { table } = await import('./table.ts');
  const percent = (share: number) => (100 * share).toFixed(1);
  const cells = (found: readonly ApopSummary[]) =>
    found.map(({ hits, n, share, low, high }) => `${percent(share)} [${percent(low)}, ${percent(high)}] ${hits}/${n}`);
  const of = (reference: string) => summaries.filter((s) => s.reference === reference);
  const names = [...new Set(summaries.map((s) => s.reference))];
  const [first] = names;
  const level = (share: number | null) => (share === null ? '' : percent(share));
  return table([
    ['input', 'top-1 % [95 %]', 'top-5 % [95 %]', 'as the net % [95 %]'],
    ...names.map((name) => [name === 'picture' ? 'the picture (the net itself)' : name, ...cells(of(name))]),
    ['(guessing)', ...of(first).map(({ measure, chance }) => (measure === 'agreement' ? '' : percent(chance)))],
    ['(always the most frequent labels)', ...of(first).map(({ constant }) => level(constant))],
  ]);
}
