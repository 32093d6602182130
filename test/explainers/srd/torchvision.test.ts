import { expect, it } from 'vitest';
import { createOnnxRuntimeEngine } from '../../../src/engine/onnxruntime.ts';
import { targetLogit } from '../../../src/explainers/explainer.ts';
import { targetLayer } from '../../../src/explainers/layers.ts';
import { routing } from '../../../src/explainers/routing.ts';
import * as g from '../../../src/graph/index.ts';
import { modelOf } from '../../../src/model/model.ts';
import { oneHot } from '../../../src/numeric/tensor.ts';
import { drawTensor } from '../../onnx/run.ts';
import { torchvisionModel } from '../../onnx/torchvision.ts';
import { question, sumOf } from './observe.ts';

it.each(['resnet50', 'densenet121', 'mobilenet_v2', 'vit'])(
  '%s: a renormalised map is finite and keeps the relevance',
  { timeout: 120_000 },
  async (name) => {
    const model = modelOf(torchvisionModel(name), `${name}.onnx`, { preprocessing: 'none' });
    const { target, by } = question(model);
    const layer = targetLayer(model);
    const logit = targetLogit(model, target);
    const [gradient] = g.backward([logit], [g.full(logit, 1)], [layer], routing(model));
    const engine = createOnnxRuntimeEngine();
    const program = engine.compile({
      map: by('srd-apop', { bias: 'renormalise' }),
      relevance: g.reduceSum(g.mul(gradient, layer)),
    });
    const { map, relevance } = await program.run({
      pixels: drawTensor([1, 3, ...model.size]),
      target: oneHot(3, model.classes, 1),
    });
    await engine.release();
    expect([...map.data].every(Number.isFinite)).toBe(true);
    expect(sumOf(map.data) / relevance.data[0]).toBeCloseTo(1, 3);
  },
);
