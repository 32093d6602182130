/** Time (of the processor, one thread) and agreement of engines on forward pass, gradient and SRD: `tsx bench/engines.ts MODEL.onnx ort tfjs:wasm ...`, the first engine being the measure. */
import { openEngine } from '../src/engine/select.ts';
import { explainers, isWhiteBox, targetLogit } from '../src/explainers/index.ts';
import * as g from '../src/graph/index.ts';
import { loadModel } from '../src/model/model.ts';
import { createRng } from '../src/numeric/random.ts';
import { oneHot, tensor } from '../src/numeric/tensor.ts';

const [file, ...names] = process.argv.slice(2);
const model = await loadModel({ file, preprocessing: 'imagenet' });
const rng = createRng(0);
const shape = [1, 3, ...model.size];
const pixels = tensor(
  shape,
  Float32Array.from({ length: 3 * model.size[0] * model.size[1] }, () => rng.uniform()),
);
const target = g.input('target', ['N', model.classes]);
const srd = explainers.filter(isWhiteBox).find((e) => e.name === 'srd-apop')!;
const jobs = {
  forward: model.logits,
  gradient: g.grad(targetLogit(model, target), [model.input])[0],
  srd: srd.attribution({ model, target, options: srd.options.parse({}) }),
};

const first = new Map<string, { ms: number; data: Float32Array }>();
for (const name of names) {
  const engine = await openEngine(name, { threads: 1 });
  for (const [job, node] of Object.entries(jobs)) {
    const program = engine.compile({ y: node });
    const run = () => program.run(job === 'forward' ? { pixels } : { pixels, target: oneHot(3, model.classes) });
    await run();
    const { data } = (await run()).y;
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
    console.log(JSON.stringify({ engine: name, job, ms, times: ms / base.ms, difference }));
  }
  await engine.release();
}
