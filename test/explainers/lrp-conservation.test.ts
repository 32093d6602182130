import { expect, it } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { lrp } from '../../src/explainers/lrp.ts';
import { relevanceOfInput, type LinearLayer } from '../../src/explainers/lrp/linear.ts';
import { relevanceRule } from '../../src/explainers/lrp/propagate.ts';
import { rules } from '../../src/explainers/lrp/rules.ts';
import * as g from '../../src/graph/index.ts';
import { loadModel, modelOf, type Model } from '../../src/model/model.ts';
import { oneHot } from '../../src/numeric/tensor.ts';
import { testOn } from '../data/shared-data.ts';
import { drawTensor } from '../onnx/run.ts';
import { torchvisionModel } from '../onnx/torchvision.ts';

const epsilon = 1e-6;
const settings = { epsilon, gamma: 0.25, alpha: 2 };
const above = (w: g.Node) => g.mapConstant(w, (v) => Math.max(v, 0));
const below = (w: g.Node) => g.mapConstant(w, (v) => Math.min(v, 0));

/** What epsilon-plus leaves with a layer's bias, summed: `R b⁺ / (z⁺ + b⁺)` at a convolution, `R b / z` at a dense layer. */
function biasShare(layer: LinearLayer, relevance: g.Node): g.Node {
  const [x, w, bias] = layer.inputs;
  if (layer.op === 'dense') return g.reduceSum(g.div(g.mul(relevance, bias), layer));
  const b = g.reshape(above(bias), [1, g.sizeAlong(layer, 1), 1, 1]);
  const positive = g.conv(g.relu(x), above(w), undefined, layer.attrs);
  const negative = g.conv(g.neg(g.relu(g.neg(x))), below(w), undefined, layer.attrs);
  return g.reduceSum(g.div(g.mul(relevance, b), g.add(g.add(g.add(positive, negative), b), epsilon)));
}

/** Sums over a picture by epsilon-plus: the map's, that of all biases' shares, the largest of relevance without sign at a layer, and the logit. */
async function balance(model: Model, label: number, pixels: ReturnType<typeof drawTensor>) {
  const target = g.input('target', ['N', model.classes]);
  const logit = g.reduceSum(g.mul(model.logits, target));
  const map = lrp.attribution({ model, target, options: lrp.options.parse({}) });
  const shares: g.Node[] = [];
  const sizes: g.Node[] = [];
  const recording = relevanceRule(
    (layer, relevance) => {
      if (layer.inputs.length > 2) shares.push(biasShare(layer, relevance));
      sizes.push(g.reduceSum(g.abs(relevance)));
      const rule = layer.op === 'conv' ? rules['z-plus'] : rules.epsilon;
      const around = { box: [g.scalar(0), g.scalar(1)] as const, rectified: () => false };
      return relevanceOfInput(layer, relevance, rule(settings), around);
    },
    () => false,
  );
  g.backward([model.logits], [g.mul(model.logits, target)], [model.input], recording);
  const engine = createOnnxRuntimeEngine();
  const outputs = { logit, map: g.reduceSum(map), biases: shares.reduce(g.add), largest: sizes.reduce(g.maximum) };
  const result = await engine.compile(outputs).run({ pixels, target: oneHot(label, model.classes) });
  await engine.release();
  return Object.fromEntries(Object.entries(result).map(([key, { data }]) => [key, data[0]])) as Record<
    keyof typeof outputs,
    number
  >;
}

it("torchvision's ResNet-50: the map and the biases' shares sum to the logit", { timeout: 60_000 }, async () => {
  const model = modelOf(torchvisionModel('resnet50'), 'resnet50.onnx', { preprocessing: 'none' });
  const { logit, map, biases, largest } = await balance(model, 7, drawTensor([1, 3, 64, 64], 0, 1));
  expect(Math.abs(map + biases - logit)).toBeLessThan(1e-4 * Math.abs(logit));
  // No layer blows relevance up: random weights cancel a lot at sums, trained ones hardly.
  expect(largest).toBeLessThan(50 * Math.abs(logit));
});

testOn('models/resnet20-cifar10.onnx', "ResNet-20: the map and the biases' shares sum to the logit", async (file) => {
  const model = await loadModel({ file, preprocessing: 'imagenet' });
  for (const label of [0, 5]) {
    const { logit, map, biases, largest } = await balance(model, label, drawTensor([1, 3, 32, 32], 0, 1));
    expect(Math.abs(map + biases - logit)).toBeLessThan(1e-4 * Math.abs(logit));
    expect(largest).toBeLessThan(5 * Math.abs(logit));
  }
});
