/** Pictures made of two as they read in prose: each by itself, on the host. */
import { expect } from 'vitest';
import type { Turned } from '../../metrics/metric.ts';
import { copiesBetween, noCopies } from '../../src/engine/copies.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { createPrograms } from '../../src/experiment/programs.ts';
import { turnedOnDevice } from '../../src/experiment/turned.ts';
import { createRng } from '../../src/numeric/random.ts';
import { stack, type Tensor } from '../../src/numeric/tensor.ts';
import { isOnHost, keepsValues } from '../engine/steps.ts';
import { nets } from '../explainers/nets.ts';
import { randomTensor } from './toy.ts';

/** The pictures `[N,3,H,W]`. */
export const painted = ({ from, to, order, spans }: Turned): Tensor =>
  stack(
    spans.map((span) => {
      const turned = new Set(order.slice(...span));
      return { ...from, data: from.data.map((v, p) => (turned.has(p % order.length) ? to.data[p] : v)) };
    }),
  );

const [side, count] = [12, 150];

/** Logits of pictures that are made on the device are those of pictures that are sent there, and little is sent. */
export async function checkTurned(engine: Engine): Promise<void> {
  const model = nets.pooled(createRng(5, 'turned'), { size: side, normalise: true });
  const { predict } = createPrograms(engine, model);
  const predictTurned = turnedOnDevice(engine, model);
  const [from, to] = ['from', 'to'].map((key) => randomTensor([3, side, side], key));
  for (const features of [side * side, 3 * side * side]) {
    const rng = createRng(features, 'order');
    const order = rng.shuffle(Uint32Array.from({ length: features }, (_, f) => f));
    const cut = () => rng.integer(features + 1);
    const spans = Array.from({ length: count }, (_, i) =>
      i % 3
        ? ([0, i === 1 ? 0 : i === 2 ? features : cut()] as const)
        : ([cut(), cut()].sort((a, b) => a - b) as [number, number]),
    );
    const before = engine.copies();
    const logits = await predictTurned({ from, to, order, spans });
    const copies = copiesBetween(before, engine.copies());
    expect(logits).toEqual(await predict(painted({ from, to, order, spans })));
    expect(new Set(logits.data).size).toBeGreaterThan(count);
    if (!isOnHost(engine) && !keepsValues(engine)) continue;
    // Three micro-batches.
    const toDevice = { count: 3 + 3 * 2, bytes: 4 * (3 * from.data.length + 2 * count) };
    expect(copies).toEqual(
      isOnHost(engine) ? noCopies : { toDevice, toHost: { count: 3, bytes: 4 * logits.data.length } },
    );
  }
}
