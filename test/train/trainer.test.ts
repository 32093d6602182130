import { expect, test } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { exportNet } from '../../src/train/export.ts';
import { momentum } from '../../src/train/momentum.ts';
import { train, type TrainingHooks } from '../../src/train/trainer.ts';
import { tiny, tinySet } from './tiny.ts';

const settings = { seed: 0, epochs: 4, batch: 8, rate: 0.1, weightDecay: 1e-4, optimiser: momentum };

async function trained(seed: number, hooks?: TrainingHooks) {
  const engine = createOnnxRuntimeEngine({ threads: 1 });
  const state = await train(tiny, tinySet(40), engine, { ...settings, seed }, hooks);
  await engine.release();
  return state;
}

test('the loss falls within twenty steps', async () => {
  const losses: number[] = [];
  const ends: number[] = [];
  await trained(0, {
    onStep({ step, steps, loss, endsEpoch }) {
      expect(steps).toBe(20);
      losses.push(loss);
      if (endsEpoch) ends.push(step);
    },
  });
  const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
  expect(losses).toHaveLength(20);
  expect(ends).toEqual([5, 10, 15, 20]);
  expect(mean(losses.slice(-3))).toBeLessThan(0.5 * mean(losses.slice(0, 3)));
});

test('the same seed gives the same file, another seed another', async () => {
  const [a, b, c] = await Promise.all([trained(1), trained(1), trained(2)]);
  const file = (state: typeof a) => Buffer.from(exportNet(tiny, state!, 8, 2)).toString('base64');
  expect(file(a)).toBe(file(b));
  expect(file(a)).not.toBe(file(c));
});

test('a training that is told to stop gives nothing', async () => {
  const controller = new AbortController();
  let steps = 0;
  const onStep = () => {
    if (++steps === 2) controller.abort();
  };
  expect(await trained(0, { onStep, signal: controller.signal })).toBeUndefined();
  expect(steps).toBe(2);
});

test('a set smaller than a batch is refused', async () => {
  const engine = createOnnxRuntimeEngine({ threads: 1 });
  await expect(train(tiny, tinySet(6), engine, settings)).rejects.toThrow(/8 pictures.*only 6/);
});
