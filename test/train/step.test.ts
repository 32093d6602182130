import { describe, expect, test } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { evaluate } from '../../src/engine/reference.ts';
import { next, trainingStep } from '../../src/train/step.ts';
import { tiny, tinyBatch, tinySettings, wide } from './tiny.ts';

const near = (got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number, what: string) => {
  expect(got.length, what).toBe(wanted.length);
  for (let i = 0; i < got.length; i++)
    expect(Math.abs(got[i] - wanted[i]), `${what}[${i}]: ${got[i]} and ${wanted[i]}`).toBeLessThan(tolerance);
};

describe('a training step', () => {
  const { outputs, initialState } = trainingStep(tiny, tinySettings);
  const state = initialState(3);
  const feeds = { ...state, ...tinyBatch() };

  test('is the same on the engine and in float64', async () => {
    const engine = createOnnxRuntimeEngine({ threads: 1 });
    const program = engine.compile(outputs);
    const second = async () => {
      const first = await program.run(feeds);
      const moved = Object.fromEntries(Object.keys(state).map((name) => [name, first[next(name)]]));
      return program.run({ ...feeds, ...moved });
    };
    const results = await second();
    const names = Object.keys(outputs);
    const nodes = Object.values(outputs);
    const once = evaluate(nodes, wide(feeds));
    const moved = Object.fromEntries(Object.keys(state).map((name) => [name, once[names.indexOf(next(name))]]));
    evaluate(nodes, { ...wide(feeds), ...moved }).forEach(({ data }, i) =>
      near(results[names[i]].data, data, 1e-4, names[i]),
    );
    await engine.release();
  });

  test('has the gradient of the loss that central differences find', () => {
    const { outputs: plain } = trainingStep(tiny, { ...tinySettings, weightDecay: 0 });
    const at = wide(feeds);
    const lossAt = (name: string, data: Float64Array) =>
      evaluate([plain.loss], { ...at, [name]: { ...at[name], data } })[0].data[0];
    const parameters = Object.keys(state).filter((name) => `${name}.velocity` in state);
    expect(parameters).toContain('conv2.gamma');
    for (const name of parameters) {
      // From rest and without decay, the velocity after one step is the gradient.
      const [gradient] = evaluate([plain[next(`${name}.velocity`)]], at);
      const h = 1e-5;
      const differences = at[name].data.slice(0, 12).map((_, i) => {
        const moved = (by: number) => at[name].data.map((v, j) => (j === i ? v + by : v));
        return (lossAt(name, moved(h)) - lossAt(name, moved(-h))) / (2 * h);
      });
      near(differences, gradient.data.slice(0, 12), 1e-8, name);
    }
  });

  test('tells loss and accuracy', () => {
    const [loss, accuracy] = evaluate([outputs.loss, outputs.accuracy], wide(feeds)).map((v) => v.data[0]);
    expect(loss).toBeGreaterThan(0);
    expect([0, 0.25, 0.5, 0.75, 1]).toContain(accuracy);
  });
});
