import type { MapContext } from './metric.ts';
import { copyFeature, paintedLogits } from './perturbation.ts';

/** Pictures made of two on the host, each from the one before, for whoever predicts a few at a time. */
export const turnedOnHost =
  (predict: MapContext<unknown>['predict']): MapContext<unknown>['predictTurned'] =>
  ({ from, to, order, spans }) => {
    const current = from.data.slice();
    const turn = (k: number, into: Float32Array) => copyFeature(into, current, order[k], order.length);
    let [first, end] = [0, 0];
    return paintedLogits(predict, from.shape, spans.length, (i, picture) => {
      const [start, stop] = spans[i];
      // A span grows before it shrinks, so that it is one all the time.
      while (first > start) turn(--first, to.data);
      while (end < stop) turn(end++, to.data);
      while (first < start) turn(first++, from.data);
      while (end > stop) turn(--end, from.data);
      picture.set(current);
    });
  };
