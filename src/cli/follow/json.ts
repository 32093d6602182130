import { packageVersion } from '../../experiment/package.ts';
import { tell } from '../command.ts';
import { measureThroughput } from './throughput.ts';
import { notesOf, type RunView } from './view.ts';

const interval = 1000;

/** Follows a run by JSON lines on stderr, which docs/experiments.md describes; progress comes at most once a second. */
export function jsonView(again: string): RunView {
  let throughput = measureThroughput();
  let last = -Infinity;
  let out = '';
  const pace = () => {
    const { unitsPerSecond, secondsLeft } = throughput.get();
    return { unitsPerSecond, secondsLeft };
  };
  return {
    begin(start) {
      throughput = measureThroughput();
      const { config, plan, subjects } = start;
      out = start.out;
      tell('run-started', {
        package: packageVersion,
        name: config.name,
        out,
        units: plan.units.length,
        samples: subjects.reduce((n, { dataset }) => n + dataset.ids.length, 0),
        models: config.models.length,
        datasets: config.datasets.length,
        explainers: config.explainers.length,
        attacks: config.attacks.length,
        metrics: config.metrics.length,
        ...start.share,
        notes: notesOf(start),
      });
    },
    show(progress) {
      throughput.add(progress);
      const { done, total, unit, skipped } = progress;
      if (skipped) tell('sample-skipped', skipped);
      if (done < total && performance.now() - last < interval) return;
      last = performance.now();
      tell('progress', { done, total, unit, ...pace() });
    },
    end(result) {
      if (!result) return;
      const { finished, units, computed, reused, rows, files, skipped, setAside } = result;
      const { seconds, unitsPerSecond, explainers, attacks } = throughput.get();
      tell(finished ? 'run-finished' : 'run-stopped', {
        units,
        computed,
        reused,
        skippedSamples: skipped.length,
        setAside,
        seconds,
        unitsPerSecond,
        explainers,
        attacks,
        ...(finished ? { rows, out, files } : { again }),
      });
    },
  };
}
