import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { createReferenceEngine } from '../../src/engine/reference.ts';
import { explainers, type WhiteBoxExplainer } from '../../src/explainers/index.ts';
import * as g from '../../src/graph/index.ts';
import { modelOf, type Normalisation } from '../../src/model/model.ts';
import { at, tensor, type Tensor } from '../../src/numeric/tensor.ts';

const read = (file: string): Buffer => readFileSync(new URL(`../fixtures/${file}`, import.meta.url));
const unpack = (file: string): unknown => JSON.parse(gunzipSync(read(file)).toString());

/** The nets' pictures and explained classes, made by test/fixtures/explainers_reference.py. */
const source = unpack('explainers_reference.json.gz') as {
  readonly size: number;
  readonly classes: number;
  readonly preprocessing: Normalisation;
  readonly pixels: number[];
  readonly nets: Record<string, { target: number[]; logits: number[] }>;
};
/** Attributions by Captum and pytorch_grad_cam, made in float64 by test/fixtures/cam_reference.py. */
const { nets } = unpack('cam_reference.json.gz') as { readonly nets: Record<string, Record<string, number[]>> };

const { size, classes, preprocessing } = source;
const pictures = source.pixels.length / (3 * size * size);
const batch = (data: readonly number[], ...shape: number[]): Tensor =>
  tensor([pictures, ...shape], Float32Array.from(data));
const pixels = batch(source.pixels, 3, size, size);

interface Peer {
  /** The map's name in the fixture. */
  readonly map: string;
  /** The explainer, where it bears another name. */
  readonly name?: string;
  readonly options?: Record<string, string>;
  /** Whether a map can be compared, given the net and the explained logit. */
  readonly comparable?: (net: string, logit: number) => boolean;
}

const peers: readonly Peer[] = [
  { map: 'gradient-x-input' },
  { map: 'guided-backprop' },
  { map: 'deconvnet' },
  { map: 'deeplift black', name: 'deeplift' },
  { map: 'deeplift mean', name: 'deeplift', options: { baseline: 'mean' } },
  { map: 'grad-cam' },
  { map: 'grad-cam-plus-plus' },
  { map: 'hires-cam' },
  { map: 'layer-cam' },
  { map: 'xgrad-cam' },
  // Theirs divides by the logit, so its weights have the other sign where that is negative.
  { map: 'ablation-cam', comparable: (_, logit) => logit > 0 },
  { map: 'score-cam' },
  // Theirs does not know what ReLU6 adds where it is saturated.
  { map: 'fullgrad', options: { rescale: 'channel' }, comparable: (net) => net !== 'residual' },
];

/** The largest difference, as a part of the largest expected value. */
function difference(got: Float32Array, expected: Float32Array): number {
  const largest = (values: Float32Array) => values.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  expect(got.length).toBe(expected.length);
  return largest(got.map((v, i) => v - expected[i])) / largest(expected);
}

/** The peers' numbers are float64, so the first engine tells the formulas apart and the second one adds rounding. */
const engines = [
  { engine: createReferenceEngine(), tolerance: 1e-5 },
  { engine: createOnnxRuntimeEngine({ threads: 1 }), tolerance: 1e-4 },
];

describe.each(Object.keys(nets))('the %s net', (net) => {
  const { target, logits } = source.nets[net];
  const model = modelOf(read(`explainers_${net}.onnx`), `${net}.onnx`, { preprocessing });
  const chosen = g.input('target', ['N', classes]);
  const oneHot = target.flatMap((label) => Array.from({ length: classes }, (_, k) => Number(k === label)));

  describe.each(engines)('on $engine.name', ({ engine, tolerance }) => {
    it.each(peers)('$map is the one of its peer', async ({ map, name = map, options = {}, comparable }) => {
      const explainer = explainers.find((e) => e.name === name) as WhiteBoxExplainer;
      const node = explainer.attribution({ model, target: chosen, options: explainer.options.parse(options) });
      const program = engine.compile({ node });
      const { node: ours } = await program.run({ pixels, target: batch(oneHot, classes) });
      await program.release();
      const values = nets[net][map].length / pictures;
      target.forEach((label, i) => {
        if (comparable && !comparable(net, logits[i * classes + label])) return;
        const theirs = Float32Array.from(nets[net][map].slice(i * values, (i + 1) * values));
        expect.soft(difference(at(ours, i).data, theirs)).toBeLessThan(tolerance);
      });
    });
  });
});
