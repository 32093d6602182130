import { join } from 'node:path';
import { defineCommand, print, say } from './command.ts';

const formats = ['md', 'tex', 'csv'] as const;

/** `table`: tables for a paper from the results of a finished run. */
export const paperTable = defineCommand({
  builder: (yargs) =>
    yargs.positional('run', { type: 'string', demandOption: true, describe: 'folder of its results' }).options({
      format: { choices: formats, describe: 'format', defaultDescription: 'md, or all with --out' },
      layout: {
        type: 'string',
        requiresArg: true,
        describe: 'YAML file with the key "tables"',
        defaultDescription: 'that of the config',
      },
      out: { type: 'string', requiresArg: true, describe: 'folder to write to, in place of printing' },
    }),
  async handler({ run, format, layout, out }) {
    const { readLayouts, readRun } = await import('../experiment/finished-run.ts');
    const { tableFiles } = await import('../../reports/tables/index.ts');
    const results = await readRun(run);
    const layouts = layout === undefined ? results.tables : await readLayouts(layout, results);
    if (out === undefined) {
      const files = tableFiles(results, layouts, [format ?? 'md']);
      print(files.map(({ text }) => text.trimEnd()).join('\n\n'));
      return;
    }
    const { writeWhole } = await import('../../reports/write.ts');
    const files = tableFiles(results, layouts, format ? [format] : formats);
    for (const { path, text } of files) await writeWhole(join(out, path), text);
    say(`${out}: ${files.map(({ path }) => path).join(', ')}`);
  },
});
