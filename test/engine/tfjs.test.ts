import * as tf from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { afterAll, describe, expect, it } from 'vitest';
import { compileStep, iterate } from '../../attacks/iterate.ts';
import { createTfjsEngine } from '../../src/engine/tfjs.ts';
import * as g from '../../src/graph/index.ts';
import { UserError } from '../../src/numeric/errors.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { checkIterate, checkSearch } from '../attacks/by-host.ts';
import { checkTurned } from '../metrics/by-host.ts';

const wasm = await createTfjsEngine('wasm');
const cpu = await createTfjsEngine('cpu');
afterAll(() => Promise.all([wasm.release(), cpu.release()]));

const x = g.input('x', ['N', 4, 16, 16]);
const weight = g.constant(
  Float32Array.from({ length: 144 }, (_, i) => Math.sin(i)),
  [4, 4, 3, 3],
);
const layer = (y: g.Node) => g.relu(g.conv(y, weight, undefined, { pads: [1, 1, 1, 1] }));
const attrs = { kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0], ceil: false } as const;
const picture = tensor(
  [2, 4, 16, 16],
  Float32Array.from({ length: 2048 }, (_, i) => Math.cos(i)),
);

describe('memory', () => {
  const pooled = g.maxPool(layer(x), attrs);
  const looped = g.sumOver([g.constant(Float32Array.of(0.5, 1), [2])], [], ([k]) => layer(g.mul(x, k)));
  const outputs = { map: g.grad(g.reduceSum(pooled), [x])[0], looped, itself: x, constant: weight };

  it.each([wasm, cpu])('on $device no tensor is left behind', async (engine) => {
    const before = tf.memory().numTensors;
    const program = engine.compile(outputs);
    const first = await program.run({ x: picture });
    const kept = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) expect((await program.run({ x: picture })).map.data).toEqual(first.map.data);
    expect(tf.memory().numTensors).toBe(kept);
    await program.release();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('what is needed no more is freed on the way', async () => {
    let deep = x;
    for (let i = 0; i < 30; i++) deep = layer(deep);
    const program = wasm.compile({ deep });
    await program.run({ x: picture });
    const { peakBytes } = await tf.profile(async () => {
      await program.run({ x: picture });
      return [];
    });
    const held = tf.memory().numBytes;
    expect(peakBytes - held).toBeLessThan(5 * 4 * picture.data.length);
    await program.release();
  });

  it('an attack leaves nothing behind, and one that is broken off neither', async () => {
    const before = tf.memory().numTensors;
    const engine = await createTfjsEngine('cpu');
    await checkIterate(engine);
    await checkSearch(engine);
    const pixels = g.input('pixels', ['N', 2]);
    const programs = compileStep(engine, {
      ...{ loss: g.reduceSum(pixels, [1]), margin: g.reduceSum(pixels, [1]), score: g.reduceSum(pixels, [1]) },
      ...{ next: { pixels: g.mul(pixels, 0.5) }, gradients: 1 },
    });
    const stop = new AbortController();
    const feeds = (step: number) => (step === 2 && stop.abort(), {});
    const starts = [1, 2, 3].map((v) => ({ pixels: tensor([2], [v, 0]) }));
    await expect(iterate(programs, starts, { steps: 9, signal: stop.signal, feeds })).rejects.toThrow('aborted');
    await engine.release();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('curves leave nothing behind', async () => {
    const before = tf.memory().numTensors;
    const engine = await createTfjsEngine('cpu');
    await checkTurned(engine);
    await engine.release();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('an op that fails leaves nothing behind', async () => {
    const before = tf.memory().numTensors;
    const unknown = { ...g.neg(g.maxPool(layer(x), attrs)), op: 'unknown' } as unknown as g.Node;
    const program = wasm.compile({ y: unknown });
    await expect(program.run({ x: picture })).rejects.toThrow();
    await program.release();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('results', () => {
  it('do not share memory with what was fed', async () => {
    const { same } = await cpu.compile({ same: g.reshape(x, ['N', 1024]) }).run({ x: picture });
    expect(same.data).toEqual(picture.data);
    expect(same.data.buffer).not.toBe(picture.data.buffer);
  });

  it('are those of each backend where two take turns', async () => {
    const [one, other] = [wasm, cpu].map((engine) => engine.compile({ y: layer(layer(x)) }));
    const results = await Promise.all([one, other, one, other].map((program) => program.run({ x: picture })));
    expect(results[2].y.data).toEqual(results[0].y.data);
    expect(results[3].y.data).toEqual(results[1].y.data);
    results[0].y.data.forEach((v, i) => expect(Math.abs(v - results[1].y.data[i])).toBeLessThan(1e-4));
  });
});

const isInstalled = (name: string): boolean => {
  try {
    return createRequire(import.meta.url).resolve(name) !== '';
  } catch {
    return false;
  }
};

it.skipIf(isInstalled('@tensorflow/tfjs-node-gpu'))('says what to install for what is not there', async () => {
  const error: unknown = await createTfjsEngine('node-gpu').catch((e: unknown) => e);
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).toMatch(
    /^tfjs:node-gpu: @tensorflow\/tfjs-node-gpu is not installed; npm install --ignore-scripts=false @tensorflow\/tfjs-node-gpu@4, .* CUDA 11\.2 and cuDNN 8\.1$/,
  );
});
