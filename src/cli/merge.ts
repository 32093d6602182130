import { defineCommand, say } from './command.ts';

/** `merge`: puts the shards of an experiment together. */
export const merge = defineCommand({
  builder: (yargs) =>
    yargs
      .positional('shards', { type: 'string', array: true, demandOption: true, describe: 'folders of the shards' })
      .options({ out: { type: 'string', demandOption: true, requiresArg: true, describe: 'folder of the results' } }),
  async handler({ shards, out }) {
    const { mergeShards } = await import('../experiment/merge.ts');
    const { diskError } = await import('./disk.ts');
    const { units, rows, skipped } = await mergeShards(shards, { out }).catch((error: unknown) => {
      throw diskError(error, out);
    });
    for (const { dataset, sample, reason } of skipped) say(`skipped ${sample} of ${dataset}: ${reason}`);
    say(
      `${units} units of ${shards.length} shards, ${rows} rows: ${out}/report.html, results.csv, run.json and the rest`,
    );
  },
});
