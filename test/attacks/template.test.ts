import { afterAll, describe, expect, it } from 'vitest';
import { runAttack, type Perturbed } from '../../attacks/index.ts';
import { compileStep, iterate, type Step } from '../../attacks/iterate.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import * as g from '../../src/graph/index.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { toyAttacks } from './toy.ts';

const engine = createOnnxRuntimeEngine({ threads: 1 });
afterAll(() => engine.release());
const { victim, predict, run } = toyAttacks(engine);

describe('runAttack', () => {
  it('clips whatever an attack returns, and judges what it clipped', async () => {
    const victims = [await victim(2), await victim(3)];
    const wild = () =>
      Promise.resolve(
        victims.map(({ image }): Perturbed => ({
          image: { ...image, data: image.data.map((p, i) => p + (i % 2 ? 3 : -3)) },
        })),
      );
    const results = await run(wild, victims);
    const logits = (await predict(tensor([1, 3, 12, 12], results[0].image.data))).data;
    for (const [i, { image, labelChanged }] of results.entries()) {
      expect(image.data).toEqual(image.data.map((_, j) => j % 2));
      expect(labelChanged).toBe(logits.indexOf(Math.max(...logits)) !== victims[i].target);
    }
  });

  it('keeps what the attack says of itself', async () => {
    const { image, ...v } = await victim(2);
    const [result] = await runAttack(
      () => Promise.resolve([{ image, losses: [1, 2], queries: 3, gradients: 2 }]),
      [{ image, ...v }],
      predict,
    );
    expect(result).toMatchObject({
      losses: [1, 2],
      queries: 3,
      gradients: 2,
      labelChanged: false,
      linf: 0,
      l2: 0,
      l1: 0,
    });
  });
});

/** A walk of pictures of one value: `pixels` grows by `pace` a step, and a sample is done at its `goal`. */
function walk(change: (nodes: { value: g.Node; goal: g.Node }) => Partial<Step>) {
  const pixels = g.input('pixels', ['N', 1]);
  const pace = g.input('pace', ['N', 1]);
  const value = g.reshape(pixels, ['N']);
  const goal = g.reshape(g.input('goal', ['N', 1]), ['N']);
  const margin = g.sub(value, goal);
  const step = { loss: value, margin, score: value, gradients: 2, next: { pixels: g.add(pixels, pace), pace } };
  return compileStep(engine, { ...step, ...change({ value, goal }) });
}
const start = (pixels: number, pace: number, goal: number) => ({
  pixels: tensor([1], [pixels]),
  pace: tensor([1], [pace]),
  goal: tensor([1], [goal]),
});
const done = ({ value, goal }: { value: g.Node; goal: g.Node }) => ({
  done: g.cast(g.greater(value, goal), 'float32'),
});

describe('iterate', () => {
  it('keeps the best picture, clips each step, and counts', async () => {
    const [up, down] = await iterate(
      walk(() => ({})),
      [start(0.25, 0.5, 2), start(0.75, -0.125, 2)],
      { steps: 3 },
    );
    expect(up).toMatchObject({ losses: [0.25, 0.75, 1, 1], queries: 4, gradients: 6, fooled: false, score: 1 });
    // The start is not a find, so the first step is the best of a walk downhill.
    expect(down).toMatchObject({ losses: [0.75, 0.625, 0.5, 0.375], fooled: false, score: 0.625 });
    expect([up, down].map(({ image }) => image.data[0])).toEqual([1, 0.625]);
  });

  it('prefers a picture that fools to one of a better score, the start included', async () => {
    const away = walk(({ value, goal }) => ({ margin: g.sub(goal, value) }));
    const [found, at] = await iterate(away, [start(0, 0.25, 0.6), start(0.5, 0.25, 0.6)], { steps: 4 });
    expect(found).toMatchObject({ fooled: true, score: 0.5 });
    expect(at).toMatchObject({ fooled: true, score: 0.5 });
  });

  it('drops samples that are done, and asks nothing more of them', async () => {
    const program = walk(done);
    const starts = [start(0, 0.125, 2), start(0, 0.125, 0.3), start(0.5, 0.125, 0.3)];
    const found = await iterate(program, starts, { steps: 6 });
    expect(found.map(({ queries }) => queries)).toEqual([7, 4, 1]);
    expect(found.map(({ image }) => image.data[0])).toEqual([0.75, 0.375, 0.5]);
    for (const [i, alone] of starts.entries())
      expect(await iterate(program, [alone], { steps: 6 })).toEqual([found[i]]);
  });

  it('never keeps what is not a number', async () => {
    const broken = walk(({ value }) => ({ score: g.log(g.neg(g.add(value, 1))) }));
    const [{ image }] = await iterate(broken, [start(0.25, 0.25, 2)], { steps: 2 });
    expect(image.data[0]).toBe(0.25);
  });
});
