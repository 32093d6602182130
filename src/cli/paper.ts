import { defineCommand, print, say } from './command.ts';
import { runOptions } from './run-options.ts';

/** `paper`: reproduces the tables of the SRD paper, and writes the page that says how its claims fare. */
export const paper = defineCommand({
  builder: (yargs) =>
    yargs
      .positional('tables', { type: 'string', array: true, default: [] as string[], describe: 'names; by default all' })
      .options({
        full: { type: 'boolean', default: false, describe: "on the paper's nets and data in place of drawn scenes" },
        runs: { type: 'string', default: 'runs/paper', requiresArg: true, describe: 'folder of the runs' },
        page: {
          type: 'string',
          requiresArg: true,
          describe: 'Markdown file to write, its results in a folder of the same name beside it',
          defaultDescription: 'reproduction.md, or reproduction-full.md, in the folder of the runs',
        },
        fresh: { type: 'boolean', default: false, describe: 'forget the results that are in the folders' },
        ...runOptions,
      }),
  async handler({ tables, full, runs, page, ...rest }) {
    const { join, relative } = await import('node:path');
    const { UserError } = await import('../numeric/errors.ts');
    const { checkPlaces } = await import('../../reports/write.ts');
    const { readSections, configFolder } = await import('../paper/sections.ts');
    const { chosen, runTable, checkConfigs } = await import('./paper-runs.ts');
    const file = page ?? join(runs, full ? 'reproduction-full.md' : 'reproduction.md');
    if (!file.endsWith('.md')) throw new UserError(`--page ${file}: expected the name of an .md file`);
    const sections = chosen(await readSections(), tables);
    const jobs = sections.map(({ run }) => {
      const name = full ? run : `${run}-scenes`;
      return { run, config: relative('.', join(configFolder, `${name}.yaml`)), out: join(runs, name) };
    });
    await checkConfigs(jobs.map(({ config }) => config));
    await checkPlaces([file]);
    const begun = Date.now();
    for (const { run, config, out } of jobs) {
      const start = Date.now();
      say(`${run}: ${config}`);
      if (!(await runTable(config, { ...rest, out, quiet: false }))) return;
      say(`${run}: ${((Date.now() - start) / 60_000).toFixed(1)} min`);
    }
    const { writePage } = await import('../paper/write.ts');
    await writePage(file, jobs, full);
    say(`${jobs.length} tables and figures, ${((Date.now() - begun) / 60_000).toFixed(1)} min`);
    print(file);
  },
});
