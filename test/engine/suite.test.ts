/** One suite over all engines: against the float64 interpreter op by op, and against ONNX Runtime on the processor in everything else. */
import fc from 'fast-check';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { attacks } from '../../attacks/index.ts';
import { metrics } from '../../metrics/index.ts';
import type { Metric } from '../../metrics/metric.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { createReferenceEngine } from '../../src/engine/reference.ts';
import { engines } from '../../src/engine/select.ts';
import { createPrograms } from '../../src/experiment/programs.ts';
import { readConfig } from '../../src/experiment/config.ts';
import { makePlan } from '../../src/experiment/plan.ts';
import { openStore } from '../../src/experiment/store.ts';
import { openSubjects } from '../../src/experiment/subject.ts';
import { createTaskRunner, inProcess } from '../../src/experiment/task-runner.ts';
import { workThrough } from '../../src/experiment/work.ts';
import { explainers, isWhiteBox } from '../../src/explainers/index.ts';
import * as g from '../../src/graph/index.ts';
import type { Model } from '../../src/model/model.ts';
import { UserError } from '../../src/numeric/errors.ts';
import { createRng } from '../../src/numeric/random.ts';
import { sizeOf, tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { checkIterate, checkSearch } from '../attacks/by-host.ts';
import { toyAttacks } from '../attacks/toy.ts';
import { temporaryFolder, tinyExperiment } from '../experiment/tiny.ts';
import { attentionNets, nets } from '../explainers/nets.ts';
import { setups, type Setup } from '../explainers/table.ts';
import { cases } from '../graph/cases/index.ts';
import { checkTurned } from '../metrics/by-host.ts';
import { stepCases } from './steps.ts';

/** Largest difference allowed, relative to the largest value or 1: of what is computed by one program, and of scores at the end of many. */
const tolerance = { values: 1e-4, maps: 1e-4, pictures: 1e-4, scores: 1e-3 };

const reference = createReferenceEngine();
const ort = createOnnxRuntimeEngine({ threads: 1 });
afterAll(() => ort.release());

function expectSame(actual: Tensor, expected: Tensor, limit: number, what?: string): void {
  expect(actual.shape).toEqual(expected.shape);
  const scale = Math.max(1, ...expected.data.map(Math.abs));
  const worst = Math.max(...actual.data.map((v, i) => Math.abs(v - expected.data[i])));
  expect(worst / scale, what).toBeLessThan(limit);
}

/** A value, and derivatives of first and second order. */
async function checkOp(
  engine: Engine,
  {
    operands,
    output,
  }: { operands: readonly { shape: readonly number[]; data: Float64Array }[]; output(inputs: g.Node[]): g.Node },
) {
  const inputs = operands.map((v, i) => g.input(`x${i}`, v.shape));
  const value = output(inputs);
  // Squares make second derivatives of linear ops non-zero.
  const first = g.grad(g.reduceSum(g.mul(value, value)), inputs);
  const second = g.grad(g.reduceSum(g.mul(first[0], first[0])), inputs);
  const outputs = { value, first: first[0], second: second[second.length - 1] };
  const feeds = Object.fromEntries(operands.map((v, i) => [`x${i}`, tensor(v.shape, v.data)]));
  const program = engine.compile(outputs);
  const [fast, slow] = await Promise.all([program.run(feeds), reference.compile(outputs).run(feeds)]);
  await program.release();
  for (const name of Object.keys(outputs)) expectSame(fast[name], slow[name], tolerance.values, name);
}

/** Ops that have no derivative. */
const discrete: Record<string, (x: g.Node, y: g.Node) => g.Node> = {
  'greater, not': (x, y) => g.cast(g.not(g.greater(x, y)), 'float32'),
  'greaterEqual, and': (x, y) => g.cast(g.and(g.greaterEqual(x, y), g.greater(x, 0)), 'float32'),
  equal: (x) => g.cast(g.equal(x, g.relu(x)), 'float32'),
  'cast to integers and booleans': (x) =>
    g.add(g.cast(g.cast(x, 'int64'), 'float32'), g.cast(g.cast(x, 'bool'), 'float32')),
  maxPoolIndices: (x) =>
    g.cast(g.maxPoolIndices(x, { kernel: [3, 2], strides: [2, 1], pads: [1, 1, 1, 0], ceil: true }), 'float32'),
  'poolScatter at indices that were changed': (x) => {
    const attrs = { kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0], ceil: false } as const;
    const indices = g.maxPoolIndices(x, attrs);
    return g.poolScatter(
      g.maxPool(x, attrs),
      g.where(g.greater(g.maxPool(x, attrs), 0), indices, g.cast(g.zeros([1]), 'int64')),
      [6, 4],
    );
  },
};

const smooth = { size: 6, activation: (x: g.Node) => g.softplus(x, 4), normalise: true };
const [convolutional, transformer] = [
  nets.pooled(createRng(7, 'suite'), smooth),
  attentionNets.transformer(createRng(7, 'suite'), { size: 6 }),
];

async function mapsOf(
  engine: Engine,
  { explainer, parsed, nets: kind }: Setup,
  model: Model = kind === 'transformers' ? transformer : convolutional,
) {
  const rng = createRng(3, 'pictures');
  const pictures = tensor(
    [2, 3, 6, 6],
    Float32Array.from({ length: sizeOf([2, 3, 6, 6]) }, () => rng.uniform()),
  );
  return createPrograms(engine, model).explain({ definition: explainer, options: parsed })(pictures, 1, createRng(4));
}

/** Options that make attacks a step or two long. */
const short: Record<string, object> = {
  pgd: { steps: 1 },
  'auto-pgd': { steps: 2 },
  'carlini-wagner': { steps: 3, searches: 1 },
  deepfool: { steps: 1 },
  'targeted-manipulation': { steps: 1 },
  'adaptive-manipulation': { steps: 1 },
  ghorbani: { steps: 1 },
};

const gradient = explainers.filter(isWhiteBox).find((e) => e.name === 'gradient-x-input')!;
const gradientMap = (model: Model, target: g.Node) => gradient.attribution({ model, target, options: {} });

async function attacked(engine: Engine, name: string): Promise<Tensor> {
  const toy = toyAttacks(engine, nets.pooled(createRng(21, 'attack'), { ...smooth, size: 12 }));
  const { image } = await toy.runOne(toy.prepare(name, short[name], gradientMap), await toy.victim(1));
  return image;
}

/** Every metric of one explainer's map, and every similarity of its maps around an attack, by what the score is of. */
async function scores(engine: Engine): Promise<Record<string, number | string>> {
  const folder = await temporaryFolder();
  const use = ({ name, kind }: Metric) => (kind === 'map' ? `{ use: ${name}, on: [clean] }` : name);
  const config = await readConfig(
    await tinyExperiment(folder, {
      dataset: '{ kind: scenes, count: 1 }',
      explainers: '[gradient-x-input]',
      attacks: '[{ use: ghorbani, steps: 1 }]',
      metrics: `[${metrics.map(use).join(', ')}]`,
      heatmaps: '0',
    }),
  );
  const plan = makePlan(config, await openSubjects(config), engine);
  const store = await openStore(join(folder, 'out'));
  const { records } = await workThrough(config, plan, inProcess(createTaskRunner(config, plan, engine)), store, {
    out: join(folder, 'out'),
  });
  const rows = [...records].flatMap((r) => r.rows);
  store.close();
  return Object.fromEntries(rows.map((r) => [`${r.attack} ${r.metric}`, r.value ?? r.reason]));
}
let expectedScores: ReturnType<typeof scores> | undefined;

async function open(entry: (typeof engines)[number]): Promise<Engine | string> {
  try {
    return await entry.open({ threads: 1 });
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

for (const entry of engines.filter(({ name }) => !name.startsWith('reference'))) {
  const engine = await open(entry);
  if (typeof engine === 'string') {
    it.skip(engine, () => undefined);
    continue;
  }
  afterAll(() => engine.release());

  describe(entry.name, () => {
    it.each(Object.entries(cases))('op %s, with its first and second derivative', async (_, instances) => {
      await fc.assert(
        fc.asyncProperty(instances, (instance) => checkOp(engine, instance)),
        { numRuns: 5, seed: 3 },
      );
    });

    it.each(Object.entries(discrete))('%s', async (_, build) => {
      const rng = createRng(1, 'discrete');
      const draw = (shape: number[]) =>
        tensor(
          shape,
          Float32Array.from({ length: sizeOf(shape) }, () => Math.round(4 * rng.normal()) / 2),
        );
      const [x, y] = [draw([2, 3, 6, 4]), draw([3, 1, 1])];
      const program = { z: build(g.input('x', ['N', 3, 6, 4]), g.input('y', [3, 1, 1])) };
      const [fast, slow] = await Promise.all(
        [engine, reference].map((e) => e.compile(program)).map((p) => p.run(p.inputs.includes('y') ? { x, y } : { x })),
      );
      expect([...fast.z.data]).toEqual([...slow.z.data]);
    });

    it.each(Object.entries(stepCases))('what stays on the device %s', async (_, check) => check(engine));

    it.each([
      ['a prediction', checkIterate],
      ['an explanation', checkSearch],
    ] as const)('an attack on %s is what it would be by the host', async (_, check) => check(engine));

    it('pictures of curves are what they would be by the host', async () => checkTurned(engine));

    // The others are compared with this one.
    if (entry === engines[0]) return;

    it.each(setups)('explainer $name', async (setup) => {
      expectSame(await mapsOf(engine, setup), await mapsOf(ort, setup), tolerance.maps);
    });

    it.each(attacks.map(({ name }) => name))('attack %s', async (name) => {
      expectSame(await attacked(engine, name), await attacked(ort, name), tolerance.pictures);
    });

    it('every metric', async () => {
      const expected = await (expectedScores ??= scores(ort));
      const actual = await scores(engine);
      expect(Object.keys(actual)).toEqual(Object.keys(expected));
      for (const [what, wanted] of Object.entries(expected)) {
        if (typeof wanted === 'string') expect(actual[what], what).toBe(wanted);
        else
          expect(Math.abs(Number(actual[what]) - wanted) / Math.max(1, Math.abs(wanted)), what).toBeLessThan(
            tolerance.scores,
          );
      }
    });
  });
}
