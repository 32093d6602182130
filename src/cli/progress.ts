import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../experiment/run.ts';
import { say } from './command.ts';

/** Shows how far a run is, on stderr. */
export interface ProgressView {
  show(progress: Progress): void;
  end(): void;
}

const interval = 30_000;

function bar(): ProgressView {
  const view = new SingleBar(
    {
      stream: process.stderr,
      format: '{bar} {value}/{total} units | {rate}/s | {eta_formatted} left | {unit}',
      barsize: 24,
      etaBuffer: 50,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  const begun = Date.now();
  let running = false;
  return {
    show({ done, total, unit }) {
      const rate = (done / Math.max((Date.now() - begun) / 1000, 1e-3)).toPrecision(3);
      if (!running) view.start(total, 0, { rate, unit });
      running = true;
      view.update(done, { rate, unit });
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
