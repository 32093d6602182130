import { expect, it } from 'vitest';
import { sameShape, topological } from '../../src/graph/index.ts';
import { modelOf, weightLayers } from '../../src/model/model.ts';
import { at, batchOf, stack, type Tensor } from '../../src/numeric/tensor.ts';
import { drawTensor, relativeDifference, runFile, runNode } from '../onnx/run.ts';
import { torchvisionModel } from '../onnx/torchvision.ts';

const heads = ['N', 4, 17, 17];
const transformer = { conv: 1, dense: 9, matmul: 4, softmax: 2, gelu: 2, concat: 1 };

const architectures = [
  { name: 'vgg16', size: 224, batch: 1, layers: { conv: 13, relu: 14, maxPool: 5, avgPool: 1, dense: 2 } },
  {
    name: 'resnet50',
    size: 64,
    batch: 2,
    layers: { conv: 53, relu: 49, maxPool: 1, add: 16, reduceMean: 1, dense: 1 },
  },
  // A BatchNorm after a concatenation has no convolution before it: it stays one mul and one add.
  {
    name: 'densenet121',
    size: 64,
    batch: 1,
    layers: { conv: 120, relu: 121, maxPool: 1, avgPool: 3, concat: 58, mul: 62, add: 62, reduceMean: 1, dense: 1 },
  },
  { name: 'mobilenet_v2', size: 64, batch: 2, layers: { conv: 52, clip: 35, add: 10, reduceMean: 1, dense: 1 } },
  { name: 'vit', size: 32, batch: 2, layers: transformer },
  { name: 'vit-opset11', size: 32, batch: 2, layers: transformer },
];

/** What a file makes of each picture; some files are made for a batch of one. */
const ownLogits = async (bytes: Uint8Array, pictures: Tensor): Promise<Tensor> => {
  const rows: Tensor[] = [];
  for (let i = 0; i < pictures.shape[0]; i++) rows.push(at(await runFile(bytes, batchOf(at(pictures, i))), 0));
  return stack(rows);
};

it.each(architectures)("torchvision's $name gives the logits of its file", { timeout: 60_000 }, async (row) => {
  const { name, size, batch, layers } = row;
  const bytes = torchvisionModel(name);
  const model = modelOf(bytes, `${name}.onnx`, { preprocessing: 'none' });
  const picture = drawTensor([batch, 3, size, size]);

  const counts = new Map<string, number>();
  for (const { op } of topological([model.logits])) counts.set(op, (counts.get(op) ?? 0) + 1);
  expect(Object.fromEntries(counts)).toMatchObject(layers);
  expect(weightLayers(model).size).toBe(layers.conv + layers.dense);

  const logits = await runNode(model.logits, model.pixels, picture);
  expect(relativeDifference(logits, await ownLogits(bytes, picture))).toBeLessThan(1e-4);
});

it('names what a transformer is explained by: its tokens, and the attention weights of each block', () => {
  for (const name of ['vit', 'vit-opset11']) {
    const { layers } = modelOf(torchvisionModel(name), `${name}.onnx`, { preprocessing: 'none' });
    const all = [...layers];
    expect(all.filter(([, { op }]) => op === 'softmax').map(([, { shape }]) => shape)).toEqual([heads, heads]);
    const tokens = all.filter(([, { op, shape }]) => op === 'add' && sameShape(shape, ['N', 17, 32]));
    expect(tokens.length).toBeGreaterThanOrEqual(5);
  }
  const { layers } = modelOf(torchvisionModel('vit'), 'vit.onnx', { preprocessing: 'none' });
  const block = '/encoder/layers/encoder_layer_1';
  expect(layers.get(`${block}/self_attention/Softmax`)?.shape).toEqual(heads);
  expect(layers.get(`${block}/Add_1`)?.shape).toEqual(['N', 17, 32]);
});
