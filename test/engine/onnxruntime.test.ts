import { afterAll, describe, expect, it } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { createReferenceEngine } from '../../src/engine/reference.ts';
import * as g from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { sizeOf, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { writeProgram } from '../../src/onnx/write.ts';

const engine = createOnnxRuntimeEngine();
afterAll(() => engine.release());

const random = (shape: readonly number[], seed: number): Tensor => {
  const rng = createRng(seed, 'engine');
  return tensor(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => rng.normal()),
  );
};

/** Largest difference relative to the largest value. */
function difference(a: Tensor, b: Tensor): number {
  expect(a.shape).toEqual(b.shape);
  let [worst, scale] = [0, 1];
  a.data.forEach((v, i) => {
    worst = Math.max(worst, Math.abs(v - b.data[i]));
    scale = Math.max(scale, Math.abs(b.data[i]));
  });
  return worst / scale;
}

describe('programs', () => {
  const x = g.input('x', ['N', 3, 64, 64]);
  const w = g.constant(random([8, 3, 3, 3], 1).data, [8, 3, 3, 3]);
  const features = g.relu(g.conv(x, w, undefined, { pads: [1, 1, 1, 1] }));
  const outputs = {
    map: g.grad(g.reduceSum(g.mul(features, features), [1, 2, 3]), [x])[0],
    mean: g.reduceMean(features, [1, 2, 3]),
  };

  it('cuts batches into parts that give what single samples give', async () => {
    const program = engine.compile(outputs);
    const batch = random([7, 3, 64, 64], 2);
    const whole = await program.run({ x: batch });
    expect(whole.map.shape).toEqual([7, 3, 64, 64]);
    for (let i = 0; i < 7; i++) {
      const size = 3 * 64 * 64;
      const single = await program.run({ x: tensor([1, 3, 64, 64], batch.data.subarray(i * size, (i + 1) * size)) });
      expect(
        difference(single.map, tensor([1, 3, 64, 64], whole.map.data.subarray(i * size, (i + 1) * size))),
      ).toBeLessThan(1e-6);
      expect(single.mean.data[0]).toBeCloseTo(whole.mean.data[i], 5);
    }
  });

  it('keeps a batch whole where an output sums over it', async () => {
    const program = engine.compile({ total: g.reduceSum(x) });
    const batch = random([130, 3, 64, 64], 3);
    const { total } = await program.run({ x: batch });
    const expected = batch.data.reduce((a, b) => a + b, 0);
    expect(Math.abs(total.data[0] - expected)).toBeLessThan(1e-5 * batch.data.length ** 0.5 * 130);
  });

  it('compiles again what the bounded cache let go, and still gives the same', async () => {
    const small = createOnnxRuntimeEngine({ cacheBytes: 6000 });
    const programs = [0, 1, 2].map((seed) => {
      const weight = g.constant(random([1000], seed).data, [1000]);
      return small.compile({ y: g.mul(g.input('v', ['N', 1000]), weight) });
    });
    const v = random([2, 1000], 9);
    const first = await Promise.all(programs.map((p) => p.run({ v })));
    const again = await Promise.all(programs.map((p) => p.run({ v })));
    again.forEach((r, i) => expect(r.y.data).toEqual(first[i].y.data));
    await small.release();
  });

  it('reads weights that lie beside the file, in a loop too, and holds on to none of them', async () => {
    const [rows, columns] = [700, 400];
    const weight = random([rows, columns], 6);
    const kept = Float32Array.from(weight.data);
    const v = g.input('v', ['N', rows]);
    const product = g.dense(v, g.constant(weight.data, weight.shape));
    const looped = g.sumOver([g.constant(Float32Array.of(1, 2), [2])], [], ([k]) => g.mul(k, product));
    const fed = random([3, rows], 7);
    const program = engine.compile({ product, looped });
    const first = await program.run({ v: fed });
    const { weights, memory } = writeProgram({ product });
    expect(weights.map(({ data }) => data.byteLength)).toEqual([4 * rows * columns]);
    expect(memory).toBeGreaterThan(4 * rows * columns);
    const expected = Float64Array.from({ length: 3 * columns }, (_, at) => {
      const [n, o] = [Math.floor(at / columns), at % columns];
      return kept.reduce(
        (sum, w, i) => (i % columns === o ? sum + w * fed.data[n * rows + Math.floor(i / columns)] : sum),
        0,
      );
    });
    weight.data.fill(NaN);
    const again = await program.run({ v: fed });
    expect(again).toEqual(first);
    expected.forEach((e, i) => {
      expect(Math.abs(first.product.data[i] - e)).toBeLessThan(1e-3);
      expect(Math.abs(first.looped.data[i] - 3 * e)).toBeLessThan(3e-3);
    });
  });

  it('has dense weights once however many loops compute with them', async () => {
    const v = g.input('v', ['N', 700]);
    const weight = random([700, 400], 6);
    const dense = g.constant(weight.data, weight.shape);
    const kernel = g.constant(random([600, 600, 1, 1], 8).data, [600, 600, 1, 1]);
    const loop = (scales: readonly number[]) =>
      g.sumOver([g.constant(Float32Array.from(scales), [scales.length])], [v], ([k], [x]) => {
        const scaled = g.mul(k, x);
        const convolved = g.conv(g.reshape(g.slice(scaled, 1, 0, 600), ['N', 600, 1, 1]), kernel);
        return g.add(g.dense(scaled, dense), g.reshape(g.slice(convolved, 1, 0, 400), ['N', 400]));
      });
    const outputs = { once: loop([1]), thrice: loop([1, 2]), back: g.grad(loop([1, 2]), [v])[0] };
    const { weights } = writeProgram(outputs, { runtime: { anyChannels: true, outerWeights: true } });
    expect(weights.map(({ data }) => data.byteLength)).toEqual([4 * 700 * 400]);
    const fed = { v: random([2, 700], 9) };
    const { once, thrice, back } = await engine.compile(outputs).run(fed);
    const expected = await createReferenceEngine().compile(outputs).run(fed);
    expect(difference(once, expected.once)).toBeLessThan(1e-5);
    expect(difference(thrice, expected.thrice)).toBeLessThan(1e-5);
    expect(difference(back, expected.back)).toBeLessThan(1e-5);
  });

  it('gives the same bits in every run', async () => {
    const batch = random([3, 3, 64, 64], 4);
    const [a, b] = [await engine.compile(outputs).run({ x: batch }), await engine.compile(outputs).run({ x: batch })];
    expect(Buffer.from(a.map.data.buffer).equals(Buffer.from(b.map.data.buffer))).toBe(true);
  });

  it('says which input is missing or misshapen', async () => {
    const program = engine.compile({ mean: outputs.mean });
    await expect(program.run({})).rejects.toThrow("no value was given for the input 'x' [N,3,64,64]");
    await expect(program.run({ x: random([1, 3, 64, 63], 1) })).rejects.toThrow('got a value of shape [1,3,64,63]');
  });

  it('refuses two inputs of one name', () => {
    expect(() => engine.compile({ y: g.add(g.input('x', [2]), g.input('x', [2])) })).toThrow(
      "two inputs are called 'x'",
    );
  });

  it('does not grow over 1,000 runs and 300 compilations', async () => {
    const program = engine.compile(outputs);
    const batch = random([1, 3, 64, 64], 5);
    const once = async (i: number) => {
      await program.run({ x: batch });
      if (i % 3 === 0) {
        const other = engine.compile({ y: g.add(x, g.constant(random([3, 64, 64], i).data, [3, 64, 64])) });
        await other.run({ x: batch });
        await other.release();
      }
    };
    for (let i = 0; i < 200; i++) await once(i);
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 1000; i++) await once(i);
    const grown = process.memoryUsage().rss - before;
    // A leak of the outputs alone would be 50 kB a run, of a session 100 kB and more.
    expect(grown).toBeLessThan(40 * 2 ** 20);
  }, 60_000);
});
