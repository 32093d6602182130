import { expect, it } from 'vitest';
import { topological } from '../../src/graph/index.ts';
import { modelOf } from '../../src/model/model.ts';
import { drawTensor, relativeDifference, runFile, runNode } from '../onnx/run.ts';
import { torchvisionModel } from '../onnx/torchvision.ts';

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
];

it.each(architectures)("torchvision's $name gives the logits of its file", { timeout: 60_000 }, async (row) => {
  const { name, size, batch, layers } = row;
  const bytes = torchvisionModel(name);
  const model = modelOf(bytes, `${name}.onnx`, { preprocessing: 'none' });
  const picture = drawTensor([batch, 3, size, size]);

  const counts = new Map<string, number>();
  for (const { op } of topological([model.logits])) counts.set(op, (counts.get(op) ?? 0) + 1);
  expect(Object.fromEntries(counts)).toMatchObject(layers);

  const logits = await runNode(model.logits, model.pixels, picture);
  expect(relativeDifference(logits, await runFile(bytes, picture))).toBeLessThan(1e-4);
});
