/** What every engine must do with values that stay where it computes. */
import { expect } from 'vitest';
import { copiesBetween } from '../../src/engine/copies.ts';
import type { Engine, Kept, Outputs, State, Tensors } from '../../src/engine/engine.ts';
import { createReferenceEngine } from '../../src/engine/reference.ts';
import * as g from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { sizeOf, tensor, type Tensor } from '../../src/numeric/tensor.ts';

function draw(shape: readonly number[], seed: number): Tensor {
  const rng = createRng(seed, 'steps');
  return tensor(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => rng.normal()),
  );
}

const pixels = g.input('pixels', ['N', 4, 6, 6]);
const speed = g.input('speed', pixels.shape);
const pull = g.input('pull', ['N', 1, 1, 1]);
const force = g.conv(pixels, g.constant(draw([4, 4, 3, 3], 1).data, [4, 4, 3, 3]), undefined, { pads: [1, 1, 1, 1] });
const faster = g.add(g.mul(speed, 0.5), g.mul(g.tanh(force), pull));
const results: Outputs = { loss: g.reduceMean(g.mul(force, force), [1, 2, 3]) };
const next: Outputs = { pixels: g.add(pixels, faster), speed: faster };
const start = (n: number): Tensors => ({
  pixels: draw([n, 4, 6, 6], 2),
  speed: draw([n, 4, 6, 6], 3),
  pull: draw([n, 1, 1, 1], 4),
});

/** Whether an engine computes in the host's memory. */
export const isOnHost = ({ name, device }: Engine): boolean =>
  name === 'reference' || (name === 'onnxruntime' && device === 'cpu');

/** ONNX Runtime under Node leaves values on graphics cards by WebGPU only. */
export const keepsValues = ({ name, device }: Engine): boolean => name !== 'onnxruntime' || device === 'webgpu';

const dispose = (state: State) => Object.values(state).forEach((kept) => kept.dispose());
const read = async (state: State): Promise<Tensors> =>
  Object.fromEntries(
    await Promise.all(Object.entries(state).map(async ([name, kept]) => [name, await kept.read()] as const)),
  );

/** Five steps whose state stays, or goes by the host each time. */
async function walk(engine: Engine, first: Tensors, stays: boolean, [outputs, goesRound] = [results, next]) {
  const losses: number[][] = [];
  if (!stays) {
    const program = engine.compile({ ...outputs, ...goesRound });
    let state = first;
    for (let i = 0; i < 5; i++) {
      const { loss, ...after } = await program.run(state);
      losses.push([...loss.data]);
      state = { ...state, ...after };
    }
    await program.release();
    return { losses, state };
  }
  const stepper = engine.compileStep(outputs, goesRound);
  let state = await stepper.hold(first);
  for (let i = 0; i < 5; i++) {
    const after = await stepper.run(state);
    losses.push([...after.results.loss.data]);
    for (const name of Object.keys(after.state)) state[name].dispose();
    state = { ...state, ...after.state };
  }
  const ended = await read(state);
  dispose(state);
  await stepper.release();
  return { losses, state: ended };
}

export const stepCases: Record<string, (engine: Engine) => Promise<void>> = {
  'is what would go by the host': async (engine) => {
    // More than one micro-batch of the most samples that there may be in one.
    for (const n of [1, 3, 130])
      expect(await walk(engine, start(n), true)).toEqual(await walk(engine, start(n), false));
  },

  'may have no batch axis': async (engine) => {
    const weight = g.input('weight', [4, 6, 6]);
    const error = g.sub(pixels, weight);
    const outputs = { loss: g.reduceSum(g.mul(error, error)) };
    const goesRound = { weight: g.add(weight, g.mul(g.reduceSum(error, [0]), 0.5 / 70)) };
    const first = { pixels: draw([70, 4, 6, 6], 5), weight: draw([4, 6, 6], 6) };
    const kept = await walk(engine, first, true, [outputs, goesRound]);
    expect(kept).toEqual(await walk(engine, first, false, [outputs, goesRound]));
    expect(kept.losses[4][0]).toBeLessThan(kept.losses[0][0]);
  },

  'may be fed as often as one likes, to any program, beside what comes from the host': async (engine) => {
    const stepper = engine.compileStep(results, next);
    const total = engine.compile({ total: g.reduceSum(pixels) });
    const pulled = engine.compile({ pulled: g.mul(pixels, pull) });
    const first = start(130);
    const held = await stepper.hold({ ...first, other: tensor([2]) });
    expect(await held.other.read()).toEqual(tensor([2]));
    const once = await stepper.run(held);
    const twice = await stepper.run({ ...held, pull: first.pull });
    expect(await read(twice.state)).toEqual(await read(once.state));
    expect(twice.results).toEqual(once.results);
    const after = await once.state.pixels.read();
    expect(await total.run(once.state)).toEqual(await total.run({ pixels: after }));
    expect(await pulled.run({ ...once.state, pull: first.pull })).toEqual(
      await pulled.run({ pixels: after, pull: first.pull }),
    );
    expect(await held.pixels.read()).toEqual(first.pixels);
    expect(held.pixels.shape).toEqual(first.pixels.shape);
    [held, once.state, twice.state].forEach(dispose);
  },

  'may be an input, a constant, or one value by two names, each freed by itself': async (engine) => {
    const whole = g.constant(Float32Array.of(1, 2, 3), [3]);
    const stepper = engine.compileStep(
      {},
      { pixels, again: pixels, one: faster, two: faster, whole, is: g.greater(force, 0) },
    );
    const first = start(2);
    const held = await stepper.hold(first);
    const { state } = await stepper.run(held);
    dispose(held);
    const { one, two, whole: constant, is } = await read(state);
    state.one.dispose();
    state.pixels.dispose();
    expect(await state.two.read()).toEqual(one);
    expect(two).toEqual(one);
    expect(await state.again.read()).toEqual(first.pixels);
    expect(constant.data).toEqual(Float32Array.of(1, 2, 3));
    expect(new Set(is.data)).toEqual(new Set([0, 1]));
    expect(await (await stepper.run({ ...first, speed: state.two })).state.one.read()).not.toEqual(one);
    dispose(state);
  },

  'is gone once it is disposed of, and unknown to other engines': async (engine) => {
    const stepper = engine.compileStep(results, next);
    const held = await stepper.hold(start(1));
    const program = createReferenceEngine().compile(results);
    await expect(program.run(held)).rejects.toThrow('that of another engine');
    held.pixels.dispose();
    held.pixels.dispose();
    await expect(stepper.run(held)).rejects.toThrow('was disposed of');
    await expect(held.pixels.read()).rejects.toThrow('was disposed of');
    dispose(held);
  },

  'costs no copy while it goes round': async (engine) => {
    const [size, pullSize] = [4 * sizeOf([2, 4, 6, 6]), 8];
    const stepper = engine.compileStep(results, next);
    let before = engine.copies();
    const since = () => {
      const now = engine.copies();
      const { toDevice, toHost } = copiesBetween(before, now);
      before = now;
      return [toDevice.count, toDevice.bytes, toHost.count, toHost.bytes];
    };
    const held = await stepper.hold(start(2));
    expect(since()).toEqual(isOnHost(engine) ? [0, 0, 0, 0] : [3, 2 * size + pullSize, 0, 0]);
    const { state } = await stepper.run(held);
    if (keepsValues(engine)) expect(since()).toEqual(isOnHost(engine) ? [0, 0, 0, 0] : [0, 0, 1, 8]);
    since();
    await state.pixels.read();
    if (keepsValues(engine)) expect(since()).toEqual(isOnHost(engine) ? [0, 0, 0, 0] : [0, 0, 1, size]);
    [held, state].forEach(dispose);
  },

  'does not grow over 1,000 runs': async (engine) => {
    const wide = g.input('wide', ['N', 50_000]);
    const stepper = engine.compileStep({ sum: g.reduceSum(wide, [1]) }, { wide: g.neg(wide) });
    const run = async (kept: Kept) => {
      const { state } = await stepper.run({ wide: kept });
      kept.dispose();
      return state.wide;
    };
    let { wide: kept } = await stepper.hold({ wide: draw([1, 50_000], 1) });
    for (let i = 0; i < 100; i++) kept = await run(kept);
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 1000; i++) kept = await run(kept);
    // What is left behind would be 200 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 2 ** 20);
    kept.dispose();
    await stepper.release();
  },
};
