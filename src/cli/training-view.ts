import { Presets, SingleBar } from 'cli-progress';
import type { TrainingProgress } from '../train/trainer.ts';
import { say } from './command.ts';

/** Shows how far a training is, on stderr. */
export interface TrainingView {
  show(progress: TrainingProgress): void;
  end(): void;
}

/** A running average that forgets within about fifty steps, so that single batches do not make it jump. */
function smoothed(): (value: number) => number {
  let average: number | undefined;
  return (value) => (average = average === undefined ? value : 0.98 * average + 0.02 * value);
}

function bar(): TrainingView {
  const format = '{bar} epoch {epoch} | {percentage} % | {eta_formatted} left | loss {loss} | accuracy {accuracy}';
  const view = new SingleBar(
    { stream: process.stderr, format, barsize: 24, etaBuffer: 50, hideCursor: true },
    Presets.shades_classic,
  );
  const [loss, accuracy] = [smoothed(), smoothed()];
  let running = false;
  return {
    show(progress) {
      const { step, steps, epoch } = progress;
      const shown = {
        epoch,
        loss: loss(progress.loss).toFixed(3),
        accuracy: `${(100 * accuracy(progress.accuracy)).toFixed(1)} %`,
      };
      if (!running) view.start(steps, 0, shown);
      running = true;
      view.update(step, shown);
    },
    end: () => view.stop(),
  };
}

function lines(): TrainingView {
  let [loss, accuracy, count] = [0, 0, 0];
  return {
    show(progress) {
      loss += progress.loss;
      accuracy += progress.accuracy;
      count++;
      if (!progress.endsEpoch) return;
      say(
        `epoch ${progress.epoch}: loss ${(loss / count).toFixed(3)}, accuracy ${((100 * accuracy) / count).toFixed(1)} %`,
      );
      [loss, accuracy, count] = [0, 0, 0];
    },
    end() {
      // Lines need no end.
    },
  };
}

/** A bar on a terminal, and a line an epoch elsewhere. */
export const trainingView = (): TrainingView => (process.stderr.isTTY ? bar() : lines());
