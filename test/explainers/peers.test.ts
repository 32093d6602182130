import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { createReferenceEngine } from '../../src/engine/reference.ts';
import { explainers, type WhiteBoxExplainer } from '../../src/explainers/index.ts';
import * as g from '../../src/graph/index.ts';
import { modelOf, type Normalisation } from '../../src/model/model.ts';
import { at, tensor, type Tensor } from '../../src/numeric/tensor.ts';

/** Attributions by Captum and zennit, made in float64 by test/fixtures/explainers_reference.py. */
interface Fixture {
  readonly size: number;
  readonly classes: number;
  readonly preprocessing: Normalisation;
  readonly pixels: number[];
  readonly nets: Record<string, { target: number[]; logits: number[]; maps: Record<string, number[]> }>;
}

const read = (file: string): Buffer => readFileSync(new URL(`../fixtures/${file}`, import.meta.url));
const fixture = JSON.parse(gunzipSync(read('explainers_reference.json.gz')).toString()) as Fixture;
const { size, classes, preprocessing } = fixture;
const pictures = fixture.pixels.length / (3 * size * size);
const batch = (data: readonly number[], ...shape: number[]): Tensor =>
  tensor([pictures, ...shape], Float32Array.from(data));
const pixels = batch(fixture.pixels, 3, size, size);

interface Peer {
  readonly peer: 'Captum' | 'zennit';
  /** The map's name in the fixture. */
  readonly map: string;
  readonly name: string;
  readonly options: Record<string, string>;
  /** What theirs must be multiplied with to be ours. */
  readonly factor?: (logit: number) => number;
}

/** Relevance starts with the logit here, with 1 in zennit. */
const start = (logit: number): number => logit;

const peers: readonly Peer[] = [
  { peer: 'Captum', map: 'gradient', name: 'gradient', options: {} },
  { peer: 'Captum', map: 'ig gauss-legendre', name: 'ig', options: { rule: 'gauss-legendre' } },
  { peer: 'Captum', map: 'ig riemann-right', name: 'ig', options: { rule: 'riemann-right' } },
  // Captum's weights of 50 points are 1/50 and sum to 49/50; a trapezoid between them is 1/49 wide.
  { peer: 'Captum', map: 'ig trapezoid', name: 'ig', options: { rule: 'trapezoid' }, factor: () => 50 / 49 },
  { peer: 'Captum', map: 'grad-cam', name: 'grad-cam', options: {} },
  { peer: 'zennit', map: 'lrp epsilon-plus', name: 'lrp', options: { composite: 'epsilon-plus' }, factor: start },
  {
    peer: 'zennit',
    map: 'lrp epsilon-gamma-box',
    name: 'lrp',
    options: { composite: 'epsilon-gamma-box' },
    factor: start,
  },
];

/** The largest difference, as a part of the largest expected value. */
function difference(got: Float32Array, expected: Float32Array): number {
  const largest = (values: Float32Array) => values.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  expect(got.length).toBe(expected.length);
  return largest(got.map((v, i) => v - expected[i])) / largest(expected);
}

/** The peers' numbers are float64, so the first engine tells the formulas apart and the second one adds rounding. */
const engines = [
  { engine: createReferenceEngine(), tolerance: 3e-6 },
  { engine: createOnnxRuntimeEngine({ threads: 1 }), tolerance: 1e-4 },
];

describe.each(Object.keys(fixture.nets))('the %s net', (net) => {
  const { target, logits, maps } = fixture.nets[net];
  const model = modelOf(read(`explainers_${net}.onnx`), `${net}.onnx`, { preprocessing });
  const chosen = g.input('target', ['N', classes]);
  const oneHot = target.flatMap((label) => Array.from({ length: classes }, (_, k) => Number(k === label)));

  describe.each(engines)('on $engine.name', ({ engine, tolerance }) => {
    const run = async (node: g.Node): Promise<Tensor> => {
      const feeds = { pixels, target: batch(oneHot, classes) };
      const program = engine.compile({ node });
      const { node: result } = await program.run(feeds);
      await program.release();
      return result;
    };

    it('has the logits of PyTorch', async () => {
      const { data } = await run(model.logits);
      expect(difference(data, Float32Array.from(logits))).toBeLessThan(tolerance);
    });

    it.each(peers)('$map is the one of $peer', async ({ map, name, options, factor = () => 1 }) => {
      const explainer = explainers.find((e) => e.name === name) as WhiteBoxExplainer;
      const ours = await run(
        explainer.attribution({ model, target: chosen, options: explainer.options.parse(options) }),
      );
      const values = maps[map].length / pictures;
      target.forEach((label, i) => {
        const scale = factor(logits[i * classes + label]);
        const theirs = Float32Array.from(maps[map].slice(i * values, (i + 1) * values), (v) => scale * v);
        expect.soft(difference(at(ours, i).data, theirs)).toBeLessThan(tolerance);
      });
    });
  });
});
