import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { softplus, topological } from '../../src/graph/index.ts';
import { activationsOf, loadModel, modelOf, rebuild, type ModelOptions } from '../../src/model/model.ts';
import { UserError } from '../../src/numeric/errors.ts';
import { build, indices, int, ints, step, weights, type Sketch } from '../onnx/build.ts';
import { drawTensor, runNode } from '../onnx/run.ts';

const network = [
  { ...step('Conv', ['x', weights([4, 3, 3, 3])], { pads: ints(1, 1, 1, 1) }, 'c'), name: 'stem' },
  { ...step('Relu', ['c'], {}, 'r'), name: 'act' },
  { ...step('MaxPool', ['r'], { kernel_shape: ints(2, 2), strides: ints(2, 2) }, 'm'), name: 'pool' },
  step('Flatten', ['m'], {}, 'f'),
  { ...step('Gemm', ['f', weights([64, 5]), weights([5])]), name: 'head' },
];
const shape = ['n', 3, 8, 8];
const tiny = (sketch: Partial<Sketch> = {}, options: Partial<ModelOptions> = {}) =>
  modelOf(build({ steps: network, shape, ...sketch }), 'tiny.onnx', { preprocessing: 'none', ...options });

describe('a model', () => {
  it('has its layers by name, in order', () => {
    const model = tiny();
    expect([...model.layers].map(([name, { op }]) => [name, op])).toEqual([
      ['stem', 'conv'],
      ['act', 'relu'],
      ['pool', 'maxPool'],
      ['head', 'dense'],
    ]);
    expect(model).toMatchObject({ name: 'tiny', size: [8, 8], classes: 5, notes: [] });
    expect(model.layers.get('head')).toBe(model.logits);
    expect(activationsOf(model)).toEqual([{ name: 'act', node: model.layers.get('act'), size: [8, 8] }]);
  });

  it('preprocesses pixels in its graph', async () => {
    const pixels = drawTensor([2, 3, 8, 8], 0, 1);
    const model = tiny({}, { preprocessing: 'cifar10' });
    const { data } = await runNode(model.input, model.pixels, pixels);
    const [mean, std] = [
      [0.4914, 0.4822, 0.4465],
      [0.247, 0.2435, 0.2616],
    ];
    data.forEach((v, i) => {
      const c = Math.floor(i / 64) % 3;
      expect(v).toBeCloseTo((pixels.data[i] - mean[c]) / std[c], 5);
    });
    expect(topological([model.input]).map((n) => n.op)).toEqual(['input', 'constant', 'mul', 'constant', 'add']);
    const plain = tiny();
    expect(plain.input).toBe(plain.pixels);
  });

  it('is told apart by file and preprocessing, not by its name', () => {
    const { hash } = tiny();
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(tiny({}, { name: 'other' }).hash).toBe(hash);
    expect(tiny({}, { preprocessing: 'imagenet' }).hash).not.toBe(hash);
    expect(tiny({ steps: [...network.slice(0, -1), step('Gemm', ['f', weights([64, 4])])] }).hash).not.toBe(hash);
  });

  it('keeps a relu at the end and leaves a softmax out, saying so', () => {
    const last = (op: string) => [
      ...network.slice(0, -1),
      step('Gemm', ['f', weights([64, 5])], {}, 'g'),
      step(op, ['g']),
    ];
    expect(tiny({ steps: last('Relu') })).toMatchObject({ logits: { op: 'relu' }, notes: [] });
    const model = tiny({ steps: last('Softmax') });
    expect(model.logits.op).toBe('dense');
    expect(model.notes).toEqual(["the softmax 'y' at the end is left out: logits are explained"]);
  });

  it('drops the positions that a convolutional head leaves', () => {
    const steps = [
      step('GlobalAveragePool', ['x'], {}, 'p'),
      step('Conv', ['p', weights([5, 3, 1, 1])], {}, 'c'),
      step('Softmax', ['c'], { axis: int(1) }),
    ];
    const { logits, notes } = tiny({ steps });
    expect(logits).toMatchObject({ op: 'reshape', shape: ['N', 5] });
    expect(notes).toHaveLength(1);
  });

  it('takes a size where the file leaves it open', () => {
    const steps = [step('GlobalAveragePool', ['x'], {}, 'p'), step('Flatten', ['p'])];
    expect(tiny({ steps, shape: ['n', 3, 'h', 'w'] }, { size: [12, 10] }).size).toEqual([12, 10]);
  });
});

describe('a rebuilt model', () => {
  it('has its nodes replaced everywhere alike', () => {
    const model = tiny({}, { preprocessing: 'imagenet' });
    const smooth = rebuild(model, (node) => (node.op === 'relu' ? softplus(node.inputs[0], 20) : node));
    const nodes = topological([smooth.logits]);
    expect(nodes.map((n) => n.op)).not.toContain('relu');
    expect(smooth.layers.get('act')).toMatchObject({ op: 'softplus', name: 'act' });
    for (const node of [smooth.pixels, smooth.input, ...smooth.layers.values()]) expect(nodes).toContain(node);
    expect(smooth.pixels).toBe(model.pixels);
    expect(smooth.input).toBe(model.input);
  });

  it('is the same where nothing is replaced', () => {
    const model = tiny();
    expect(rebuild(model, (node) => node).logits).toBe(model.logits);
  });
});

describe('what does not fit', () => {
  const message = (sketch: Partial<Sketch>, options: Partial<ModelOptions> = {}): string => {
    try {
      tiny(sketch, options);
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      return (error as Error).message;
    }
    throw new Error('was read');
  };
  const relu = [step('Relu', ['x'])];

  it('is named', () => {
    expect(message({}, { labels: ['cat', 'dog'] })).toBe('tiny.onnx: has 5 classes, but 2 labels were given');
    expect(message({ steps: relu })).toBe(
      'tiny.onnx: the output has the shape [N,3,8,8]; a classifier returns [N,classes]',
    );
    expect(message({ steps: relu, shape: ['n', 1, 8, 8] })).toContain('expects pictures of 1 channels');
    expect(message({ outputs: ['y', 'f'] })).toContain("has several outputs, 'y', 'f'");
    expect(message({}, { output: 'z' })).toContain("has no output 'z'; it has 'y'");
  });

  it('leaves out outputs that are not asked for', () => {
    expect(tiny({ outputs: ['f', 'y'] }, { output: 'y' }).classes).toBe(5);
  });

  it('includes logits that do not keep the batch', () => {
    const steps = [
      step('ReduceMax', ['x'], { axes: ints(0, 2, 3), keepdims: int(0) }, 'm'),
      step('Reshape', ['m', indices(1, 3)]),
    ];
    expect(message({ steps })).toContain('the output has the shape [1,3]');
  });
});

describe('a model file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'models-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'tiny.onnx');
  writeFileSync(file, build({ steps: network, shape }));

  it('gives its name to the model', async () => {
    expect(await loadModel({ file, preprocessing: 'none' })).toMatchObject({ name: 'tiny', hash: tiny().hash });
  });

  it('is named where it cannot be read', async () => {
    const load = (path: string) => loadModel({ file: path, preprocessing: 'none' });
    await expect(load(join(folder, 'none.onnx'))).rejects.toThrow(
      /cannot read the model '.*none.onnx': there is no such file/,
    );
    await expect(load(folder)).rejects.toThrow('it is a folder');
  });
});
