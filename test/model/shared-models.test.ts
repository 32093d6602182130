import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { loadModel, type Preprocessing } from '../../src/model/model.ts';
import { testOn } from '../data/shared-data.ts';
import { drawTensor, relativeDifference, runFile, runNode } from '../onnx/run.ts';

const half: Preprocessing = { mean: [128 / 255, 128 / 255, 128 / 255], std: [128 / 255, 128 / 255, 128 / 255] };

const models: { name: string; preprocessing: Preprocessing; size: number; classes: number; batch: number }[] = [
  { name: 'squeezenet1_1', preprocessing: 'imagenet', size: 224, classes: 1000, batch: 1 },
  { name: 'mobilenet_v2', preprocessing: half, size: 224, classes: 1000, batch: 1 },
  { name: 'resnet20-cifar10', preprocessing: 'imagenet', size: 32, classes: 10, batch: 3 },
];

for (const { name, preprocessing, size, classes, batch } of models)
  testOn(`models/${name}.onnx`, `${name} gives the logits of its file`, async (file) => {
    const model = await loadModel({ file, preprocessing });
    expect(model).toMatchObject({ name, size: [size, size], classes, notes: [] });

    const pixels = drawTensor([batch, 3, size, size], 0, 1);
    const logits = await runNode(model.logits, model.pixels, pixels);
    const preprocessed = await runNode(model.input, model.pixels, pixels);
    expect(relativeDifference(logits, await runFile(await readFile(file), preprocessed))).toBeLessThan(1e-4);
  });
