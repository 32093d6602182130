/**
 * Times convolutions of 3×3 by Winograd's algorithm beside direct ones, in turns, the best of each: `tsx bench/winograd.ts [--rounds 15]
 * [--threads 2]`. Prints a Markdown table; what pays is what `winogradPays` should say.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import * as ort from 'onnxruntime-node';
import { spinning } from '../src/engine/onnxruntime.ts';
import * as g from '../src/graph/index.ts';
import { createRng } from '../src/numeric/random.ts';
import { winogradPays, writeModel } from '../src/onnx/write.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    threads: { type: 'string', default: String(cpus().length) },
  },
});
const rng = createRng(0, 'winograd');
const random = (length: number, low: number, high: number) =>
  new Float32Array(length).map(() => low + (high - low) * rng.uniform());

/** Channels and size of pictures. */
const layers = [
  [64, 224],
  [128, 112],
  [256, 56],
  [512, 28],
  [512, 14],
  [64, 56],
  [128, 28],
  [256, 14],
  [512, 7],
];

console.log('| channels | size | direct, ms | Winograd, ms | times as fast | difference | used |');
console.log('| --- | --- | --- | --- | --- | --- | --- |');
for (const [channels, size] of layers) {
  const shape = [1, channels, size, size];
  const scale = Math.sqrt(6 / (9 * channels));
  const weight = g.constant(random(9 * channels * channels, -scale, scale), [channels, channels, 3, 3]);
  const y = g.conv(g.input('x', shape), weight, g.zeros([channels]), { pads: [1, 1, 1, 1] });
  const open = (winograd: boolean) =>
    ort.InferenceSession.create(writeModel({ y }, { runtime: { anyChannels: true, winograd: () => winograd } }), {
      intraOpNumThreads: Number(values.threads),
      extra: { session: spinning },
    });
  const sessions = [await open(false), await open(true)];
  const picture = new ort.Tensor('float32', random(channels * size * size, 0, 1), shape);
  const best = [Infinity, Infinity];
  const results: Float32Array[] = [];
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [i, session] of sessions.entries()) {
      const start = performance.now();
      const result = await session.run({ x: picture });
      best[i] = Math.min(best[i], performance.now() - start);
      results[i] = result.y.data as Float32Array;
    }
  const [direct, fast] = results;
  let [largest, difference] = [0, 0];
  direct.forEach((v, i) => {
    largest = Math.max(largest, Math.abs(v));
    difference = Math.max(difference, Math.abs(v - fast[i]));
  });
  const used = winogradPays({ kernel: [3, 3], channels: { in: channels, out: channels }, size: [size, size] });
  const [a, b] = best.map((v) => v.toFixed(2));
  console.log(
    `| ${channels} | ${size} | ${a} | ${b} | ${(best[0] / best[1]).toFixed(2)} | ${(difference / largest).toExponential(0)} | ${used ? 'yes' : 'no'} |`,
  );
  await Promise.all(sessions.map((s) => s.release()));
}
