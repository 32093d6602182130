/**
 * Our side of the bench: `tsx bench/ours.ts MODEL JOB THREADS ENGINE`, then `job`, `forward` or `peak` a line on stdin, each answered by a line of JSON.
 * `peak` is a large convolution through the same engine: the most that was seen of the machine.
 */
import { createInterface } from 'node:readline';
import { openEngine } from '../src/engine/select.ts';
import { constant, conv, input } from '../src/graph/index.ts';
import { tensor } from '../src/numeric/tensor.ts';
import { copiesBetween } from '../src/engine/copies.ts';
import type { Answer } from './contender.ts';
import { counted } from './counted.ts';
import { jobs } from './jobs.ts';
import { models } from './models/index.ts';

const [name, job, threads, engineName] = process.argv.slice(2);

/** A direct one: 5x5 is not for Winograd's algorithm. On processors seen it beats a matrix product of 1024 by a quarter. */
function largeConvolution(): () => Promise<unknown> {
  const [channels, side, kernel] = [128, 56, 5];
  const random = (length: number) => Float32Array.from({ length }, (_, i) => ((i * 7919) % 101) / 101);
  const weight = constant(random((kernel * channels) ** 2), [channels, channels, kernel, kernel]);
  const shape = [1, channels, side, side];
  const program = engine.compile({ y: conv(input('x', shape), weight, undefined, { pads: [2, 2, 2, 2] }) });
  const x = tensor(shape, random(channels * side ** 2));
  return () => program.run({ x });
}

const engine = counted(await openEngine(engineName, { threads: Number(threads) }));
const model = models[name]();
const prepared = new Map<string, () => Promise<unknown>>();
const prepare = (line: string) =>
  line === 'peak' ? largeConvolution() : jobs[line === 'job' ? job : line].prepare(engine, model);

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'hello') {
    console.log(JSON.stringify({ name: engine.name }));
    continue;
  }
  const run = prepared.get(line) ?? prepare(line);
  prepared.set(line, run);
  const [before, copied] = [engine.flops(), engine.copies()];
  const [start, spent] = [performance.now(), process.cpuUsage()];
  await run();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(spent);
  const gflop = (engine.flops() - before) / 1e9;
  const { toDevice, toHost } = copiesBetween(copied, engine.copies());
  const memory = process.resourceUsage().maxRSS / 1024;
  const answer: Answer = {
    wall,
    processor: (user + system) / 1000,
    gflop,
    memory,
    copies: toDevice.bytes + toHost.bytes,
  };
  console.log(JSON.stringify(answer));
}
await engine.release();
