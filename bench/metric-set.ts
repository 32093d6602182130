/**
 * Times the metrics that both we and Quantus have on the same SqueezeNet, pictures with masks and ready maps, in turns, the best of each:
 * `tsx bench/metric-set.ts --squeezenet FILE.onnx --data FOLDER --python PYTHON [--samples 20] [--rounds 2]`. Prints JSON lines of seconds for
 * all samples; `ratio` is theirs over ours, `forward` the time of our bare predictions inside.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { metrics } from '../metrics/index.ts';
import type { MapContext, MapMetric } from '../metrics/metric.ts';
import { scoreMap } from '../metrics/score.ts';
import { turnedOnHost } from '../metrics/turned.ts';
import { findDataset } from '../src/data/index.ts';
import { createOnnxRuntimeEngine } from '../src/engine/onnxruntime.ts';
import * as g from '../src/graph/index.ts';
import { loadModel } from '../src/model/model.ts';
import { gaussianBlur } from '../src/numeric/blur.ts';
import { toHeatmap, type Heatmap, type HeatmapStep } from '../src/numeric/heatmap.ts';
import { writeNpz } from '../src/numeric/npy.ts';
import { createRng } from '../src/numeric/random.ts';
import { argMax, at, batchOf, stack, tensor, type Tensor } from '../src/numeric/tensor.ts';

const { values } = parseArgs({
  options: {
    squeezenet: { type: 'string' },
    data: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    samples: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '2' },
  },
});

/** The same options as in peers/quantus_metrics.py. */
const jobs: Readonly<Record<string, object>> = {
  'pixel-flipping': { variant: 'quantus', steps: 192 },
  'faithfulness-correlation': { variant: 'quantus' },
  'faithfulness-estimate': { variant: 'quantus', steps: 192 },
  aopc: { patch: 14 },
  'pointing-game': {},
  'attribution-localisation': {},
  'relevance-mass': {},
  'relevance-rank': {},
  'pixel-roc-auc': {},
  sparseness: {},
  complexity: {},
  'effective-complexity': {},
};

const model = await loadModel({ file: values.squeezenet!, preprocessing: 'imagenet' });
const engine = createOnnxRuntimeEngine();
const program = engine.compile({ logits: model.logits, input: model.input });
const predictor = engine.compile({ logits: model.logits });
const definition = findDataset('image-folder');
const dataset = await definition.open(definition.options.parse({ path: values.data, limit: Number(values.samples) }), {
  size: model.size,
  resolve: (path) => path,
});
const rng = createRng(0);
const samples = await Promise.all(dataset.ids.map((_, i) => dataset.load(i)));
const inputs: Tensor[] = [];
const cases: { image: Tensor; mask: Uint8Array; map: Tensor; target: number; heatmaps: Map<string, Heatmap> }[] = [];
const logits: Tensor[] = [];
for (const { image, mask } of samples) {
  const results = await program.run({ pixels: batchOf(image) });
  const noise = tensor(
    image.shape,
    Float32Array.from(image.data, () => rng.normal()),
  );
  inputs.push(at(results.input, 0));
  logits.push(at(results.logits, 0));
  const target = argMax(at(results.logits, 0).data);
  cases.push({ image, mask: mask!, map: gaussianBlur(noise, 29, 7), target, heatmaps: new Map() });
}

const weights = g
  .topological([model.logits])
  .filter(({ op }) => op === 'conv')
  .flatMap((conv) => conv.inputs.slice(1))
  .flatMap((node) => (node.op === 'constant' ? [node] : []));
/** As npz takes it: an array that owns its values. */
const whole = (shape: readonly number[], data: ArrayLike<number>) => ({ shape, data: Float32Array.from(data) });
const stacked = (parts: readonly Tensor[]) => {
  const { shape, data } = stack(parts);
  return whole(shape, data);
};
const [height, width] = model.size;
const flat = cases.map(({ map }) =>
  tensor([1, height, width], toHeatmap(map, { channels: 'sum', sign: 'signed', normalise: 'none' }).values),
);
const masks = cases.map(({ mask }) => tensor([1, height, width], mask.map(Number)));
const folder = await mkdtemp(join(tmpdir(), 'metric-set-'));
await writeFile(
  join(folder, 'set.npz'),
  writeNpz({
    images: stacked(inputs),
    maps: stacked(cases.map(({ map }) => map)),
    flat: stacked(flat),
    masks: { ...stack(masks), data: Uint8Array.from(stack(masks).data, (v) => (v > 0 ? 1 : 0)) },
    targets: { shape: [cases.length], data: Int32Array.from(cases, ({ target }) => target) },
    ...Object.fromEntries(weights.map(({ attrs, shape }, i) => [`weight${i}`, whole(shape as number[], attrs.data)])),
  }),
);
const script = fileURLToPath(new URL('peers/quantus_metrics.py', import.meta.url));
const peer = spawn(values.python, [script, join(folder, 'set.npz')], { stdio: ['pipe', 'pipe', 'inherit'] });
const answers = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
const answer = async () => JSON.parse((await answers.next()).value as string) as unknown;
const theirLogits = (await answer()) as number[];
const apart = Math.max(...theirLogits.map((v, k) => Math.abs(v - logits[0].data[k])));
if (!(apart < 1e-2)) throw new Error(`the two nets differ by ${apart} in a logit`);

const short = (v: number) => Number(v.toPrecision(3));
const total = { ours: 0, theirs: 0, forward: 0 };
for (const [name, options] of Object.entries(jobs)) {
  const metric = metrics.find((m): m is MapMetric => m.kind === 'map' && m.name === name)!;
  let inside = 0;
  const predict = async (images: Tensor) => {
    const start = performance.now();
    const results = await predictor.run({ pixels: images });
    inside += performance.now() - start;
    return results.logits;
  };
  const best = { ours: Infinity, theirs: Infinity, forward: Infinity };
  for (let round = 0; round < Number(values.rounds); round++) {
    inside = 0;
    const start = performance.now();
    for (const { image, mask, map, target, heatmaps } of cases)
      await scoreMap(metric, {
        heatmap: heatmapBy(metric.heatmap, map, heatmaps),
        ...{ attribution: map, image, mask, target, predict, predictTurned: turnedOnHost(predict), rng: createRng(0) },
        options: metric.options.parse(options),
      } as unknown as MapContext<unknown>);
    best.ours = Math.min(best.ours, (performance.now() - start) / 1000);
    best.forward = Math.min(best.forward, inside / 1000);
    peer.stdin.write(`${name}\n`);
    best.theirs = Math.min(best.theirs, ((await answer()) as number | null) ?? NaN);
  }
  for (const key of ['ours', 'theirs', 'forward'] as const) total[key] += best[key];
  console.log(JSON.stringify(line(name, best)));
}
console.log(JSON.stringify({ ...line('all', total), samples: cases.length, cores: cpus().length }));
peer.stdin.end();
await rm(folder, { recursive: true });
await engine.release();

/** As in a unit of an experiment: one heatmap for all metrics that share its step, ranked once. */
function heatmapBy(step: HeatmapStep, map: Tensor, heatmaps: Map<string, Heatmap>): Heatmap {
  const key = JSON.stringify(step);
  const heatmap = heatmaps.get(key) ?? toHeatmap(map, step);
  heatmaps.set(key, heatmap);
  return heatmap;
}

function line(metric: string, { ours, theirs, forward }: typeof total) {
  const [a, b, c] = [ours, theirs, forward].map(short);
  return { metric, ours: a, theirs: b, forward: c, ratio: short(theirs / ours) };
}
