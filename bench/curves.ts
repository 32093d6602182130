/**
 * A curve whose pictures are painted on the host, and one whose pictures are made where the engine computes, in turns with the bare
 * predictions: `tsx bench/curves.ts [--model NAME|FILE.onnx] [--engine ort:cpu ...] [--points 225] [--rounds 5]`. Prints JSON lines: the least time of the
 * processor in ms, one thread, over that of the predictions (`times`), and what was copied of one curve.
 */
import { parseArgs } from 'node:util';
import { evenCuts } from '../metrics/perturbation.ts';
import { turnedOnHost } from '../metrics/turned.ts';
import { copiesBetween } from '../src/engine/copies.ts';
import { openEngine } from '../src/engine/select.ts';
import { createPrograms } from '../src/experiment/programs.ts';
import { turnedOnDevice } from '../src/experiment/turned.ts';
import { zooModel } from '../src/experiment/zoo.ts';
import { loadModel } from '../src/model/model.ts';
import { createRng } from '../src/numeric/random.ts';
import { tensor, type Tensor } from '../src/numeric/tensor.ts';
import { models } from './models/index.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'scenes-vgg' },
    engine: { type: 'string', multiple: true, default: ['ort:cpu'] },
    points: { type: 'string', default: '225' },
    rounds: { type: 'string', default: '5' },
  },
});
const name = values.model;
const loaded = async () =>
  loadModel(name.endsWith('.onnx') ? { file: name, preprocessing: 'none' } : await zooModel(name));
const model = name in models ? models[name]() : await loaded();
const [height, width] = model.size;
const rng = createRng(0, 'curves');
const from = tensor(
  [3, height, width],
  Float32Array.from({ length: 3 * height * width }, () => rng.uniform()),
);
const to = tensor(from.shape, new Float32Array(from.data.length).fill(0.5));
const order = rng.shuffle(Uint32Array.from({ length: height * width }, (_, p) => p));
const points = Number(values.points);
const spans = evenCuts(order.length, points - 1).map((cut) => [0, cut] as const);

for (const name of values.engine) {
  const engine = await openEngine(name, { threads: 1 });
  const { predict } = createPrograms(engine, model);
  const batches: Tensor[] = [];
  await turnedOnHost(async (images) => {
    batches.push({ ...images, data: images.data.slice() });
    return tensor([images.shape[0], 1]);
  })({ from, to, order, spans });
  const [onHost, onDevice] = [turnedOnHost(predict), turnedOnDevice(engine, model)];
  const ways: Record<string, () => Promise<unknown>> = {
    async bare() {
      for (const batch of batches) await predict(batch);
    },
    host: () => onHost({ from, to, order, spans }),
    device: () => onDevice({ from, to, order, spans }),
  };
  const best = Object.fromEntries(Object.keys(ways).map((way) => [way, Infinity]));
  const copies: Record<string, unknown> = {};
  for (let round = -1; round < Number(values.rounds); round++)
    for (const [way, run] of Object.entries(ways)) {
      const [before, start] = [engine.copies(), process.cpuUsage()];
      await run();
      const { user, system } = process.cpuUsage(start);
      if (round >= 0) best[way] = Math.min(best[way], (user + system) / 1000);
      copies[way] = copiesBetween(before, engine.copies());
    }
  for (const way of ['host', 'device']) {
    const [ms, times] = [best[way], best[way] / best.bare].map((v) => Number(v.toPrecision(4)));
    console.log(
      JSON.stringify({ model: model.name, engine: name, points, pictures: way, ms, times, ...(copies[way] as object) }),
    );
  }
  await engine.release();
}
