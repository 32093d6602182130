/**
 * Time (of the processor, one thread), agreement and copies of engines on forward pass, gradient, SRD and 40 steps of PGD:
 * `tsx bench/engines.ts MODEL.onnx ort tfjs:wasm ...`, the first engine being the measure. Copies are those of one run.
 */
import { attacks } from '../attacks/index.ts';
import { copiesBetween } from '../src/engine/copies.ts';
import type { Engine } from '../src/engine/engine.ts';
import { openEngine } from '../src/engine/select.ts';
import { explainers, isWhiteBox, targetLogit } from '../src/explainers/index.ts';
import * as g from '../src/graph/index.ts';
import { loadModel } from '../src/model/model.ts';
import { createRng } from '../src/numeric/random.ts';
import { batchOf, oneHot, tensor } from '../src/numeric/tensor.ts';

const [file, ...names] = process.argv.slice(2);
const model = await loadModel({ file, preprocessing: 'imagenet' });
const rng = createRng(0);
const image = tensor(
  [3, ...model.size],
  Float32Array.from({ length: 3 * model.size[0] * model.size[1] }, () => rng.uniform()),
);
const target = g.input('target', ['N', model.classes]);
const srd = explainers.filter(isWhiteBox).find((e) => e.name === 'srd-apop')!;
const pgd = attacks.find(({ name }) => name === 'pgd')!;

type Run = () => Promise<Float32Array>;
const graph =
  (node: g.Node) =>
  (engine: Engine): Run => {
    const program = engine.compile({ y: node });
    const feeds = { pixels: batchOf(image), target: oneHot(3, model.classes) };
    return async () => (await program.run(feeds)).y.data;
  };
const jobs: Record<string, (engine: Engine) => Run> = {
  forward: graph(model.logits),
  gradient: graph(g.grad(targetLogit(model, target), [model.input])[0]),
  srd: graph(srd.attribution({ model, target, options: srd.options.parse({}) })),
  'pgd-40': (engine) => {
    const attack = pgd.prepare({ engine, model, options: pgd.options.parse({}) });
    const victim = () => ({ image, target: 3, other: () => Promise.resolve(image), rng: createRng(1) });
    return async () => (await attack([victim()]))[0].image.data;
  },
};

const first = new Map<string, { ms: number; data: Float32Array }>();
for (const name of names) {
  const engine = await openEngine(name, { threads: 1 });
  for (const [job, prepare] of Object.entries(jobs)) {
    const run = prepare(engine);
    await run();
    const before = engine.copies();
    const data = await run();
    const copies = copiesBetween(before, engine.copies());
    const start = process.cpuUsage();
    let runs = 0;
    do {
      await run();
      runs++;
    } while (process.cpuUsage(start).user < 1e6 || runs < 3);
    const ms = process.cpuUsage(start).user / 1000 / runs;
    if (!first.has(job)) first.set(job, { ms, data });
    const base = first.get(job)!;
    const scale = Math.max(...base.data.map(Math.abs));
    const difference = Math.max(...base.data.map((v, i) => Math.abs(v - data[i]))) / scale;
    console.log(JSON.stringify({ engine: name, job, ms, times: ms / base.ms, difference, copies }));
  }
  await engine.release();
}
