import type { Progress } from '../../experiment/run.ts';

/** Computed units of one kind, and how long they took. */
export interface UnitTimes {
  readonly name: string;
  readonly units: number;
  readonly seconds: number;
}

/** How fast a run is, or was. */
export interface Throughput {
  /** Units; what an earlier run had finished costs nothing and does not count. */
  readonly computed: number;
  /** Since the run began, until its last unit. */
  readonly seconds: number;
  readonly unitsPerSecond: number;
  /** Until all units are done, if it goes on as it did; null where nothing was computed yet. */
  readonly secondsLeft: number | null;
  /** On clean pictures, the slowest by unit first: attacked pictures that explainers share are paid for by the first of them. */
  readonly explainers: readonly UnitTimes[];
  /** With the maps and metrics of attacked pictures, the slowest by unit first; `none` are the clean ones. */
  readonly attacks: readonly UnitTimes[];
}

/** Measures the throughput of a run that begins now; `now` gives milliseconds. */
export function measureThroughput(now: () => number = () => performance.now()) {
  const begun = now();
  let last = begun;
  let computed = 0;
  let left = 0;
  const explainers = new Map<string, UnitTimes>();
  const attacks = new Map<string, UnitTimes>();
  const count = (times: Map<string, UnitTimes>, name: string, spent: number) => {
    const { units, seconds } = times.get(name) ?? { units: 0, seconds: 0 };
    times.set(name, { name, units: units + 1, seconds: seconds + spent });
  };
  const slowest = (times: Map<string, UnitTimes>) =>
    [...times.values()].sort((a, b) => b.seconds / b.units - a.seconds / a.units);
  return {
    add({ done, total, spent }: Progress): void {
      last = now();
      left = total - done;
      if (!spent) return;
      computed++;
      if (spent.attack === 'none') count(explainers, spent.explainer, spent.seconds);
      count(attacks, spent.attack, spent.seconds);
    },
    get(): Throughput {
      const seconds = (last - begun) / 1000;
      const unitsPerSecond = computed / Math.max(seconds, 1e-3);
      const secondsLeft = computed > 0 ? left / unitsPerSecond : null;
      return {
        computed,
        seconds,
        unitsPerSecond,
        secondsLeft,
        explainers: slowest(explainers),
        attacks: slowest(attacks),
      };
    },
  };
}

const most = 3;

const timesText = (times: readonly UnitTimes[]): string =>
  times
    .slice(0, most)
    .map(({ name, units, seconds }) => `${name} ${(seconds / units).toPrecision(2)} s`)
    .join(', ');

/** A throughput in a few lines; none where nothing was computed. */
export function throughputLines({ computed, seconds, unitsPerSecond, explainers, attacks }: Throughput): string[] {
  if (computed === 0) return [];
  const lines = [
    `${computed} units computed in ${seconds.toPrecision(3)} s: ${unitsPerSecond.toPrecision(3)} a second`,
  ];
  if (explainers.length > 1) lines.push(`slowest explainers, a unit of a clean picture: ${timesText(explainers)}`);
  const attacked = attacks.filter(({ name }) => name !== 'none');
  if (attacked.length > 0) lines.push(`slowest attacks, a unit with its map and metrics: ${timesText(attacked)}`);
  return lines;
}
