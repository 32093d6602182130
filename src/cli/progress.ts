import { Presets, SingleBar } from 'cli-progress';
import { say } from './command.ts';

interface Pace {
  readonly unitsPerSecond: number;
  readonly secondsLeft: number | null;
}

/** Shows how far a run is, on stderr. */
export interface ProgressView {
  /** The pace is by default that of all that is done since the view was made. */
  show(progress: { readonly done: number; readonly total: number; readonly unit: string }, pace?: Pace): void;
  end(): void;
}

const interval = 30_000;

/** A time span such as `2h05m`, `3m07s` or `12s`. */
export function spanText(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes}m${two(whole % 60)}s` : `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
}

function bar(): ProgressView {
  const view = new SingleBar(
    {
      stream: process.stderr,
      format: '{bar} {value}/{total} units | {rate}/s | {left} left | {unit}',
      barsize: 24,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  const begun = Date.now();
  function paceOf(done: number, total: number): Pace {
    const unitsPerSecond = done / Math.max((Date.now() - begun) / 1000, 1e-3);
    return { unitsPerSecond, secondsLeft: (total - done) / unitsPerSecond };
  }
  let running = false;
  return {
    show({ done, total, unit }, { unitsPerSecond, secondsLeft } = paceOf(done, total)) {
      const shown = {
        rate: unitsPerSecond.toPrecision(3),
        left: secondsLeft === null ? '?' : spanText(secondsLeft),
        unit,
      };
      if (!running) view.start(total, 0, shown);
      running = true;
      view.update(done, shown);
    },
    end: () => view.stop(),
  };
}

function lines(): ProgressView {
  let last = Date.now();
  return {
    show({ done, total, unit }) {
      if (Date.now() - last < interval) return;
      last = Date.now();
      say(`${done} of ${total} units: ${unit}`);
    },
    end() {
      // Lines need no end.
    },
  };
}

/** A bar on a terminal, and now and then a line elsewhere. */
export const progressView = (): ProgressView => (process.stderr.isTTY ? bar() : lines());
