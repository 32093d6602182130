/**
 * Time a picture takes in batches of several sizes, forward and gradient: what the engine's rule for micro-batches rests on.
 * `tsx bench/batches.ts [--squeezenet FILE.onnx]`. Prints JSON lines.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as ort from 'onnxruntime-node';
import * as g from '../src/graph/index.ts';
import { loadModel, type Model } from '../src/model/model.ts';
import { writeModel } from '../src/onnx/write.ts';
import { medians } from './measure.ts';

const { values } = parseArgs({ options: { squeezenet: { type: 'string' } } });
const sizes = [1, 2, 4, 8, 16, 32];

async function report(model: Model): Promise<void> {
  const [height, width] = model.size;
  const [gradient] = g.grad(g.reduceSum(model.logits), [model.pixels]);
  for (const [job, node] of Object.entries({ forward: model.logits, gradient })) {
    const [output] = g.simplify([node]);
    const session = await ort.InferenceSession.create(writeModel({ output }), {
      logSeverityLevel: 3,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    const jobs = Object.fromEntries(
      sizes.map((size) => {
        const shape = [size, 3, height, width];
        const data = new Float32Array(size * 3 * height * width).map((_, i) => ((i * 7919) % 101) / 101);
        return [`b${size}`, () => session.run({ pixels: new ort.Tensor('float32', data, shape) })];
      }),
    );
    const times = await medians(jobs, 9);
    const perPicture = sizes.map((size) => [size, Number((times[`b${size}`] / size).toPrecision(3))]);
    console.log(JSON.stringify({ model: model.name, job, msPerPicture: Object.fromEntries(perPicture) }));
    await session.release();
  }
}

const preprocessing = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;
for (const name of ['scenes-vgg', 'scenes-resnet'])
  await report(
    await loadModel({ file: fileURLToPath(new URL(`../zoo/${name}.onnx`, import.meta.url)), preprocessing, name }),
  );
if (values.squeezenet !== undefined)
  await report(await loadModel({ file: values.squeezenet, preprocessing: 'imagenet' }));
