import { expect, test } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { createPrograms } from '../../src/experiment/programs.ts';
import { zooModel } from '../../src/experiment/zoo.ts';
import { explainers } from '../../src/explainers/index.ts';
import { loadModel } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';
import { at, batchOf, tensor, type Tensor } from '../../src/numeric/tensor.ts';

test.each(['scenes-vgg', 'scenes-resnet'])('%s gives a picture the same bits alone and among others', async (name) => {
  const model = await loadModel(await zooModel(name));
  const programs = createPrograms(createOnnxRuntimeEngine({ threads: 1 }), model);
  const rng = createRng(0, 'pictures');
  const size = 3 * model.size[0] * model.size[1];
  const images = tensor(
    [5, 3, ...model.size],
    Float32Array.from({ length: 5 * size }, () => 0.5 + 0.2 * rng.normal()),
  );
  const runs = ['gradient', 'srd', 'lrp'].map((explainer) => {
    const definition = explainers.find((one) => one.name === explainer)!;
    const explain = programs.explain({ definition, options: definition.options.parse({}) });
    return (batch: Tensor) => explain(batch, 1, createRng(0, 'explain'));
  });
  for (const run of [(batch: Tensor) => programs.predict(batch), ...runs]) {
    const together = await run(images);
    for (let i = 0; i < 5; i++) expect(at(await run(batchOf(at(images, i))), 0).data).toEqual(at(together, i).data);
  }
});
