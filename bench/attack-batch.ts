/**
 * Times a step of attacks on batches of random pictures, a picture: `tsx bench/attack-batch.ts [--engine ort] [--rounds 3] [--steps 10]
 * [--zoo scenes-vgg,scenes-vit | --model FILE.onnx] [--batches 1,8,16] [--only pgd]`.
 * Prints JSON lines: milliseconds of wall time, and of this process's processor time, the least of each. Batch sizes take turns.
 */
import { parseArgs } from 'node:util';
import { attacks } from '../attacks/index.ts';
import { openEngine } from '../src/engine/select.ts';
import { attributionOf } from '../src/experiment/programs.ts';
import { zooModel } from '../src/experiment/zoo.ts';
import { explainers } from '../src/explainers/index.ts';
import { loadModel } from '../src/model/model.ts';
import { createRng } from '../src/numeric/random.ts';
import { sizeOf, tensor } from '../src/numeric/tensor.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'ort' },
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '10' },
    zoo: { type: 'string', default: 'scenes-vgg,scenes-resnet,scenes-vit' },
    model: { type: 'string' },
    batches: { type: 'string', default: '1,8,16' },
    only: { type: 'string', default: '' },
  },
});
const [rounds, steps] = [Number(values.rounds), Number(values.steps)];
const batches = values.batches.split(',').map(Number);
const jobs = [
  { use: 'pgd', options: {} },
  { use: 'targeted-manipulation', options: { target: 'uniform' }, against: 'gradient' },
  { use: 'targeted-manipulation', options: { target: 'uniform' }, against: 'srd' },
].filter(({ use }) => use.includes(values.only));

/** In milliseconds. */
type Time = readonly [wall: number, processor: number];
const never: Time = [Infinity, Infinity];
const lesser = (a: Time, b: Time): Time => [Math.min(a[0], b[0]), Math.min(a[1], b[1])];

async function spent(call: () => Promise<unknown>): Promise<Time> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await call();
  const { user, system } = process.cpuUsage(before);
  return [performance.now() - start, (user + system) / 1000];
}

const short = (v: number) => Number(v.toPrecision(3));
const engine = await openEngine(values.engine, { threads: 1 });
const { model: file } = values;
const models = file
  ? [await loadModel({ file, preprocessing: 'none' })]
  : await Promise.all(values.zoo.split(',').map(async (zoo) => loadModel(await zooModel(zoo))));
for (const model of models) {
  const shape = [3, ...model.size];
  for (const { use, options, against } of jobs) {
    const attack = attacks.find(({ name }) => name === use)!;
    const definition = explainers.find(({ name }) => name === against);
    const attribution = definition && attributionOf({ definition, options: definition.options.parse({}) });
    const prepared = (count: number) =>
      attack.prepare({ engine, model, attribution, options: attack.options.parse({ ...options, steps: count }) });
    // What is done once a picture cancels out in the difference.
    const [few, more] = [prepared(1), prepared(1 + steps)];
    const least = new Map(batches.map((size) => [size, { few: never, more: never }]));
    for (let round = -1; round < rounds; round++)
      for (const [size, known] of least) {
        const victims = Array.from({ length: size }, (_, i) => {
          const rng = createRng(i);
          const image = tensor(
            shape,
            new Float32Array(sizeOf(shape)).map(() => rng.uniform()),
          );
          return { image, target: 0, rng, other: () => Promise.reject(new Error('not asked for')) };
        });
        const now = { few: await spent(() => few(victims)), more: await spent(() => more(victims)) };
        if (round >= 0) least.set(size, { few: lesser(now.few, known.few), more: lesser(now.more, known.more) });
      }
    for (const [batch, { few: once, more: all }] of least) {
      const [wall, processor] = all.map((v, i) => short((v - once[i]) / steps / batch));
      console.log(
        JSON.stringify({ engine: values.engine, model: model.name, attack: use, against, batch, wall, processor }),
      );
    }
  }
  await engine.release();
}
