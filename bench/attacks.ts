/**
 * Compares attacks on predictions with foolbox's (Auto-PGD: torchattacks') on a net of the zoo and drawn scenes that it gets right:
 * `npx tsx bench/attacks.ts --python FILE [--zoo scenes-vgg] [--count 100] [--only carlini | "pgd l2"]`. Prints JSON lines: share of pictures
 * whose label changed, and the median norm of the changes, of both.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attacks, runAttack, type AttackResult } from '../attacks/index.ts';
import { scene } from '../src/data/scenes.ts';
import { createOnnxRuntimeEngine } from '../src/engine/onnxruntime.ts';
import { zooModel } from '../src/experiment/zoo.ts';
import { loadModel } from '../src/model/model.ts';
import { writeNpz, type NpyArray } from '../src/numeric/npy.ts';
import { createRng } from '../src/numeric/random.ts';
import { median } from '../src/statistics/describe.ts';
import { argMax, at, stack, type Tensor } from '../src/numeric/tensor.ts';
import { decodeModel } from '../src/onnx/proto.ts';

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    zoo: { type: 'string', default: 'scenes-vgg' },
    count: { type: 'string', default: '100' },
    only: { type: 'string', default: '' },
  },
});
if (values.python === undefined) throw new Error('--python FILE: an interpreter with foolbox and torchattacks');

const count = Number(values.count);
const search = { searches: 6, steps: 100, initialConst: 0.1 };
const jobs = [
  ...(['linf', 'l2', 'l1'] as const).flatMap((norm) => {
    const epsilon = { linf: 3 / 255, l2: 0.75, l1: 30 }[norm];
    return [
      { use: 'fgsm', norm, epsilon, options: { norm, epsilon } },
      { use: 'pgd', norm, epsilon, options: { norm, epsilon } },
    ];
  }),
  ...(['ce', 'dlr'] as const).map((loss) => {
    const epsilon = 3 / 255;
    return { use: 'auto-pgd', norm: 'linf' as const, epsilon, options: { epsilon, loss, steps: 40 } };
  }),
  ...(['l2', 'linf'] as const).map((norm) => ({ use: 'deepfool', norm, options: { norm } })),
  { use: 'carlini-wagner', norm: 'l2' as const, options: search },
].filter(({ use, norm }) => `${use} ${norm}`.startsWith(values.only));

const zoo = await zooModel(values.zoo);
const model = await loadModel(zoo);
const engine = createOnnxRuntimeEngine();
const program = engine.compile({ logits: model.logits });
const predict = async (images: Tensor) => (await program.run({ pixels: images })).logits;

const right: { image: Tensor; target: number }[] = [];
for (let i = 0; right.length < count; i++) {
  const { image, label } = scene(0, 'test', i);
  if (argMax(at(await predict(stack([image])), 0).data) === label) right.push({ image, target: label });
}

/** The net as its nodes and weights, for the peer to rebuild. */
const { graph } = decodeModel(readFileSync(zoo.file));
const weights = (graph.initializer ?? [])
  .filter(({ dataType }) => dataType === 1)
  .map((t): [string, NpyArray] => {
    const data = new Float32Array(Uint8Array.from(t.rawData!).buffer);
    return [t.name!, { shape: (t.dims ?? []).map(Number), data }];
  });
const nodes = (graph.node ?? []).map(({ opType, input, output, attribute = [] }) => ({
  op: opType,
  input,
  output,
  attributes: Object.fromEntries(
    attribute.map(({ name, ints, i }) => [name, ints?.length ? ints.map(Number) : Number(i)]),
  ),
}));
const pictures = stack(right.map(({ image }) => image));
const folder = mkdtempSync(join(tmpdir(), 'attacks-'));
writeFileSync(
  join(folder, 'net.npz'),
  writeNpz({
    ...Object.fromEntries(weights),
    images: { shape: pictures.shape, data: Float32Array.from(pictures.data) },
    labels: { shape: [count], data: Float32Array.from(right.map(({ target }) => target)) },
  }),
);
writeFileSync(join(folder, 'net.json'), JSON.stringify({ nodes, preprocessing: zoo.preprocessing }));

const summary = (changed: readonly boolean[], norms: readonly number[]) => ({
  success: changed.filter(Boolean).length / changed.length,
  norm: Number(median(Float64Array.from(norms))!.toPrecision(4)),
});
for (const job of jobs) {
  const attack = attacks.find(({ name }) => name === job.use)!;
  const prepared = attack.prepare({ engine, model, options: attack.options.parse(job.options) });
  const victims = right.map((picture, i) => ({
    ...picture,
    rng: createRng(0, `${i}`),
    other: () => Promise.reject(new Error('not asked for')),
  }));
  const results: AttackResult[] = [];
  for (let i = 0; i < count; i += 50) results.push(...(await runAttack(prepared, victims.slice(i, i + 50), predict)));
  const ours = summary(
    results.map(({ labelChanged }) => labelChanged),
    results.map((result) => result[job.norm]),
  );
  const script = new URL('peers/attacks.py', import.meta.url).pathname;
  const theirs = JSON.parse(
    execFileSync(values.python, [script, folder, JSON.stringify(job)], { encoding: 'utf8' }),
  ) as { changed: boolean[]; norms: number[] };
  const { use, norm, options } = job;
  console.log(
    JSON.stringify({ net: values.zoo, count, use, norm, options, ours, theirs: summary(theirs.changed, theirs.norms) }),
  );
}
rmSync(folder, { recursive: true });
await engine.release();
