/**
 * Our side of the bench: `tsx bench/ours.ts MODEL JOB [THREADS]`, then `job`, `forward` or `peak` a line on stdin, each answered by a line of JSON.
 * `peak` is a large convolution through the same engine: the most that was seen of the machine.
 */
import { createInterface } from 'node:readline';
import { createOnnxRuntimeEngine } from '../src/engine/onnxruntime.ts';
import { constant, conv, input } from '../src/graph/index.ts';
import { tensor } from '../src/numeric/tensor.ts';
import type { Answer } from './contender.ts';
import { counted } from './counted.ts';
import { jobs } from './jobs.ts';
import { models } from './models/index.ts';

const [name, job, threads] = process.argv.slice(2);

/** 3x3, 256 channels: on processors seen it beats a matrix product of 1024 by a quarter. */
function largeConvolution(): () => Promise<unknown> {
  const [channels, side] = [256, 56];
  const random = (length: number) => Float32Array.from({ length }, (_, i) => ((i * 7919) % 101) / 101);
  const weight = constant(random(9 * channels ** 2), [channels, channels, 3, 3]);
  const shape = [1, channels, side, side];
  const program = engine.compile({ y: conv(input('x', shape), weight, undefined, { pads: [1, 1, 1, 1] }) });
  const x = tensor(shape, random(channels * side ** 2));
  return () => program.run({ x });
}

const engine = counted(
  createOnnxRuntimeEngine({
    cacheBytes: 16 * 2 ** 30,
    threads: threads === undefined ? undefined : Number(threads),
  }),
);
const model = models[name]();
const prepared = new Map<string, () => Promise<unknown>>();
const prepare = (line: string) =>
  line === 'peak' ? largeConvolution() : jobs[line === 'job' ? job : line].prepare(engine, model);

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'hello') {
    console.log(JSON.stringify({ name: 'xai-gauntlet' }));
    continue;
  }
  const run = prepared.get(line) ?? prepare(line);
  prepared.set(line, run);
  const before = engine.flops();
  const [start, spent] = [performance.now(), process.cpuUsage()];
  await run();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(spent);
  const gflop = (engine.flops() - before) / 1e9;
  const memory = process.resourceUsage().maxRSS / 1024;
  const answer: Answer = { wall, processor: (user + system) / 1000, gflop, memory, copies: null };
  console.log(JSON.stringify(answer));
}
await engine.release();
