/**
 * Time of each faithfulness metric beside the bare forward passes that it needs, in turns: `tsx bench/metrics.ts [--rounds 7]
 * [--squeezenet FILE.onnx] [--metric NAME] [--threads 1]`. Prints JSON lines: `forward` is the time of predicting as many pictures in the same
 * batches, `ratio` the metric's time over it, and `within` the metric's processor time over that of the predictions inside it, which a busy
 * machine blurs less; it wants one thread.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { metrics } from '../metrics/index.ts';
import type { MapContext, MapMetric } from '../metrics/metric.ts';
import { scoreMap } from '../metrics/score.ts';
import { turnedOnHost } from '../metrics/turned.ts';
import { createOnnxRuntimeEngine } from '../src/engine/onnxruntime.ts';
import { loadModel, type Model } from '../src/model/model.ts';
import { gaussianBlur } from '../src/numeric/blur.ts';
import { toHeatmap } from '../src/numeric/heatmap.ts';
import { createRng } from '../src/numeric/random.ts';
import { tensor, type Tensor } from '../src/numeric/tensor.ts';
import { medians } from './measure.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    squeezenet: { type: 'string' },
    metric: { type: 'string' },
    threads: { type: 'string' },
  },
});
const names = [
  ...['deletion', 'insertion', 'pixel-flipping', 'aopc', 'faithfulness-correlation', 'faithfulness-estimate'],
  ...['infidelity', 'sufficiency', 'average-drop', 'average-increase', 'road', 'road-lerf'],
].filter((name) => values.metric === undefined || name === values.metric);
/** Few steps, where what is not forward passes weighs most. */
const fast = ['deletion', 'pixel-flipping'].filter((name) => names.includes(name));
const jobs: readonly [name: string, options: object][] = [
  ...names.map((name): [string, object] => [name, {}]),
  ...fast.map((name): [string, object] => [name, { steps: 28 }]),
  ...(names.includes('infidelity') ? [['infidelity', { perturbation: 'gaussian' }] as [string, object]] : []),
];

function processorTime(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}

async function report(model: Model): Promise<void> {
  const engine = createOnnxRuntimeEngine({
    threads: values.threads === undefined ? undefined : Number(values.threads),
  });
  const program = engine.compile({ logits: model.logits });
  const [height, width] = model.size;
  const draw = (key: string) => {
    const rng = createRng(0, key);
    return tensor(
      [3, height, width],
      Float32Array.from({ length: 3 * height * width }, () => rng.uniform()),
    );
  };
  const image = draw('image');
  // As smooth as maps are, which is what makes ROAD's systems hard.
  const attribution = gaussianBlur(draw('attribution'), 2 * Math.floor(width / 16) + 1, width / 32);
  let asked: number[] = [];
  let inside = 0;
  const predict = async (images: Tensor) => {
    asked.push(images.shape[0]);
    const start = process.cpuUsage();
    const { logits } = await program.run({ pixels: images });
    inside += processorTime(start);
    return logits;
  };
  for (const [name, options] of jobs) {
    const metric = metrics.find((m): m is MapMetric => m.kind === 'map' && m.name === name)!;
    let shares: number[] = [];
    const run = async () => {
      asked = [];
      inside = 0;
      const start = process.cpuUsage();
      await scoreMap(metric, {
        heatmap: toHeatmap(attribution, metric.heatmap),
        attribution,
        image,
        target: 1,
        predict,
        predictTurned: turnedOnHost(predict),
        options: metric.options.parse(options),
        rng: createRng(0),
      } as unknown as MapContext<unknown>);
      shares.push(processorTime(start) / inside);
    };
    await run();
    shares = [];
    const batches = asked.map((n): Tensor => ({
      shape: [n, 3, height, width],
      data: new Float32Array(n * image.data.length).map((_, i) => image.data[i % image.data.length]),
    }));
    const bare = async () => {
      for (const batch of batches) await program.run({ pixels: batch });
    };
    const times = await medians({ run, bare }, Number(values.rounds));
    const round = (v: number) => Number(v.toPrecision(3));
    const pictures = batches.reduce((total, { shape }) => total + shape[0], 0);
    const [milliseconds, forward, ratio] = [times.run, times.bare, times.run / times.bare].map(round);
    const within = round(shares.toSorted((a, b) => a - b)[Math.floor(shares.length / 2)]);
    console.log(
      JSON.stringify({ model: model.name, metric: name, options, pictures, milliseconds, forward, ratio, within }),
    );
  }
  await engine.release();
}

const preprocessing = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;
const vgg = fileURLToPath(new URL('../zoo/scenes-vgg.onnx', import.meta.url));
await report(await loadModel({ file: vgg, preprocessing, name: 'scenes-vgg' }));
if (values.squeezenet !== undefined)
  await report(await loadModel({ file: values.squeezenet, preprocessing: 'imagenet' }));
