import type { Share } from '../../experiment/share.ts';
import { say } from '../command.ts';
import { progressView } from '../progress.ts';
import { measureThroughput, throughputLines } from './throughput.ts';
import { notesOf, type RunView } from './view.ts';

const inWords = ({ workers, threads }: Share): string =>
  `${workers} ${workers === 1 ? 'process' : 'processes'} with ${threads} ${threads === 1 ? 'thread' : 'threads'}`;

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
      const { skipped, finished, units, computed, reused, rows } = result;
      for (const { dataset, sample, reason } of skipped) say(`skipped ${sample} of ${dataset}: ${reason}`);
      if (!quiet) for (const line of throughputLines(throughput.get())) say(line);
      if (!finished) say(`stopped: ${computed + reused} of ${units} units are done; to go on: ${again}`);
      else
        say(
          `${units} units (${computed} computed, ${reused} from before), ${rows} rows: ${out}/report.html, results.csv, results.parquet, summary.csv, pairwise.csv, ranks.csv, tables/, charts/, heatmaps/, run.json`,
        );
    },
  };
}
