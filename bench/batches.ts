/**
 * Time a picture takes in batches of several sizes, forward and gradient: what the engine's rule for micro-batches rests on, and why loops such
 * as that of Integrated Gradients go one step at a time. `tsx bench/batches.ts [--model NAME ...] [--sizes 1,2,4,8,16,32]`. Prints JSON lines of
 * milliseconds, on the wall and of the processor.
 */
import { parseArgs } from 'node:util';
import * as ort from 'onnxruntime-node';
import { zooModel } from '../src/experiment/zoo.ts';
import { spinning } from '../src/engine/onnxruntime.ts';
import * as g from '../src/graph/index.ts';
import { loadModel } from '../src/model/model.ts';
import { winogradPays, writeModel } from '../src/onnx/write.ts';
import { models } from './models/index.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', multiple: true, default: ['scenes-vgg', 'scenes-resnet', ...Object.keys(models)] },
    sizes: { type: 'string', default: '1,2,4,8,16,32' },
    rounds: { type: 'string', default: '9' },
  },
});
const sizes = values.sizes.split(',').map(Number);
/** As the engine says for the processor. */
const runtime = { anyChannels: true, winograd: winogradPays };
const short = (v: number) => Number(v.toPrecision(3));

for (const name of values.model) {
  const model = name in models ? models[name]() : await loadModel(await zooModel(name));
  const [height, width] = model.size;
  const [gradient] = g.grad(g.reduceSum(model.logits), [model.pixels]);
  for (const [job, node] of Object.entries({ forward: model.logits, gradient })) {
    const [output] = g.simplify([node]);
    const session = await ort.InferenceSession.create(writeModel({ output }, { runtime }), {
      logSeverityLevel: 3,
      extra: { session: spinning },
    });
    const best = sizes.map((size) => ({ size, wall: Infinity, processor: Infinity }));
    for (let round = -1; round < Number(values.rounds); round++)
      for (const entry of best) {
        const shape = [entry.size, 3, height, width];
        const data = new Float32Array(entry.size * 3 * height * width).map((_, i) => ((i * 7919) % 101) / 101);
        const [start, spent] = [performance.now(), process.cpuUsage()];
        await session.run({ pixels: new ort.Tensor('float32', data, shape) });
        const [wall, { user, system }] = [performance.now() - start, process.cpuUsage(spent)];
        if (round < 0) continue;
        entry.wall = Math.min(entry.wall, wall / entry.size);
        entry.processor = Math.min(entry.processor, (user + system) / 1000 / entry.size);
      }
    for (const clock of ['wall', 'processor'] as const)
      console.log(
        JSON.stringify({ model: name, job, clock, ...Object.fromEntries(best.map((e) => [e.size, short(e[clock])])) }),
      );
    await session.release();
  }
}
