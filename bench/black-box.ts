/**
 * What explainers that only ask for predictions cost beside the bare forward passes they ask for, which take turns with them:
 * `tsx bench/black-box.ts [--rounds 5] [--squeezenet FILE.onnx]`. Prints JSON lines.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createOnnxRuntimeEngine } from '../src/engine/onnxruntime.ts';
import { createPrograms } from '../src/experiment/programs.ts';
import { explainers } from '../src/explainers/index.ts';
import { loadModel, type Model } from '../src/model/model.ts';
import { createRng } from '../src/numeric/random.ts';
import { tensor, type Tensor } from '../src/numeric/tensor.ts';
import { medians } from './measure.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, squeezenet: { type: 'string' } } });

const setups = [
  { name: 'occlusion', options: {} },
  { name: 'rise', options: { masks: 256 } },
  { name: 'kernel-shap', options: { samples: 256 } },
  { name: 'lime', options: { samples: 256 } },
];

async function report(model: Model): Promise<void> {
  const engine = createOnnxRuntimeEngine();
  const programs = createPrograms(engine, model);
  const rng = createRng(0, 'bench');
  const image = (count: number) => {
    const shape = [count, 3, ...model.size];
    return tensor(
      shape,
      Float32Array.from({ length: shape.reduce((n, d) => n * d) }, () => rng.uniform()),
    );
  };
  const picture = image(1);
  for (const { name, options } of setups) {
    const definition = explainers.find((e) => e.name === name)!;
    const asked: number[] = [];
    const predict = (images: Tensor) => {
      asked.push(images.shape[0]);
      return programs.predict(images);
    };
    const explain = async () => {
      asked.length = 0;
      if (!('explain' in definition)) return;
      const given = { target: 1, options: definition.options.parse(options), rng: createRng(0) };
      await definition.explain({ ...given, predict, image: { shape: picture.shape.slice(1), data: picture.data } });
    };
    await explain();
    const batches = asked.map((count) => image(count));
    const forward = async () => {
      for (const batch of batches) await programs.predict(batch);
    };
    const times = await medians({ forward, explain }, Number(values.rounds));
    const predictions = batches.reduce((n, { shape }) => n + shape[0], 0);
    const seconds = Number((times.explain / 1000).toPrecision(3));
    const multiple = Number((times.explain / times.forward).toPrecision(3));
    console.log(JSON.stringify({ model: model.name, explainer: name, predictions, seconds, multiple }));
  }
  await engine.release();
}

const preprocessing = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;
await report(
  await loadModel({ file: fileURLToPath(new URL('../zoo/scenes-vgg.onnx', import.meta.url)), preprocessing }),
);
if (values.squeezenet !== undefined)
  await report(await loadModel({ file: values.squeezenet, preprocessing: 'imagenet' }));
