import type { Share } from '../../experiment/share.ts';
import { say } from '../command.ts';
import { progressView } from '../progress.ts';
import { measureThroughput, throughputLines } from './throughput.ts';
import { notesOf, type RunView } from './view.ts';

const inWords = ({ workers, threads }: Share): string =>
  `${workers === 0 ? 'workers' : workers === 1 ? '1 process' : `${workers} processes`} with ${threads} ${threads === 1 ? 'thread' : 'threads'}`;

/** Follows a run by text on stderr; `quiet` leaves out all but how it ended. `again` is the command that goes on with it. */
export function textView({ quiet, again }: { quiet: boolean; again: string }): RunView {
  const view = quiet ? undefined : progressView();
  let throughput = measureThroughput();
  let out = '';
  return {
    begin(start) {
      throughput = measureThroughput();
      out = start.out;
      if (quiet) return;
      say(
        `${start.config.name}: ${start.plan.units.length} units of work, results go to ${out} (${inWords(start.share)})`,
      );
      for (const note of notesOf(start)) say(note);
    },
    show(progress) {
      throughput.add(progress);
      view?.show(progress, throughput.get());
    },
    end(result) {
      view?.end();
      if (!result) return;
      const { skipped, setAside, finished, units, computed, reused, rows, files } = result;
      const counts = `${units} units (${computed} computed, ${reused} from before)`;
      for (const { dataset, sample, reason } of skipped) say(`skipped ${sample} of ${dataset}: ${reason}`);
      for (const { model, dataset, sample, units, reason } of setAside)
        say(`set aside ${units} units of ${model}/${dataset}/${sample}: ${reason}`);
      if (!quiet) for (const line of throughputLines(throughput.get())) say(line);
      if (!finished) say(`stopped at ${computed + reused} of ${units} units; what is done is kept; to go on: ${again}`);
      else if (files.length === 0) say(`${counts} in ${out}; xai-gauntlet merge puts the shards together`);
      else
        say(
          `${counts}, ${rows} rows: ${out}/report.html, results.csv, results.parquet, summary.csv, pairwise.csv, ranks.csv, tables/, charts/, heatmaps/, run.json`,
        );
      if (finished && setAside.length > 0) say(`the results are without what was set aside; to try it again: ${again}`);
    },
  };
}
