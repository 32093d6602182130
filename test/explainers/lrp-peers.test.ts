import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../../src/engine/reference.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { lrp } from '../../src/explainers/lrp.ts';
import * as g from '../../src/graph/index.ts';
import { modelOf, type Normalisation } from '../../src/model/model.ts';
import { tensor } from '../../src/numeric/tensor.ts';

/** Maps by zennit, made in float64 by test/fixtures/lrp_reference.py for the pictures of explainers_reference.py. */
type Nets = Record<string, { target: number[]; logits: number[]; maps: Record<string, number[]> }>;

const read = (file: string): Buffer => readFileSync(new URL(`../fixtures/${file}`, import.meta.url));
const unpacked = <T>(file: string) => JSON.parse(gunzipSync(read(file)).toString()) as T;
const { nets } = unpacked<{ nets: Nets }>('lrp_reference.json.gz');
const { size, classes, preprocessing, pixels } = unpacked<{
  size: number;
  classes: number;
  preprocessing: Normalisation;
  pixels: number[];
}>('explainers_reference.json.gz');

/** A composite by name, or one rule for all convolutions: `conv RULE SETTING`. */
function optionsOf(map: string) {
  const [conv, rule, setting] = map.split(' ');
  if (rule === undefined) return lrp.options.parse({ composite: map });
  const key = { epsilon: 'epsilon', gamma: 'gamma', 'alpha-beta': 'alpha' }[rule];
  const own = key ? { [key]: Number(setting) } : {};
  return lrp.options.parse({
    rules: [{ layers: conv, rule, ...own }],
    ...(rule === 'epsilon' ? own : {}),
  });
}

const engines = [
  // Seven digits of the pixels and weights folded in float32 limit what the first one can show.
  { engine: createReferenceEngine(), tolerance: 1e-5 },
  { engine: createOnnxRuntimeEngine({ threads: 1 }), tolerance: 1e-4 },
];

describe.each(Object.keys(nets))('the %s net', (net) => {
  const { target, logits, maps } = nets[net];
  const file = net === 'activations' ? 'lrp_activations.onnx' : `explainers_${net}.onnx`;
  const model = modelOf(read(file), file, { preprocessing });
  const chosen = g.input('target', ['N', classes]);
  const names = Object.keys(maps);
  const outputs = Object.fromEntries(
    names.map((name) => [name, lrp.attribution({ model, target: chosen, options: optionsOf(name) })]),
  );
  const oneHot = target.flatMap((label) => Array.from({ length: classes }, (_, k) => Number(k === label)));
  const feeds = {
    pixels: tensor([target.length, 3, size, size], Float32Array.from(pixels)),
    target: tensor([target.length, classes], Float32Array.from(oneHot)),
  };

  describe.each(engines)('on $engine.name', ({ engine, tolerance }) => {
    const results = engine.compile({ ...outputs, logits: model.logits }).run(feeds);

    it('has the logits of PyTorch', async () => {
      const { data } = (await results).logits;
      logits.forEach((v, i) => expect(data[i]).toBeCloseTo(v, 5));
    });

    it.each(names)("%s is zennit's, times the logit", async (name) => {
      const { data } = (await results)[name];
      const one = data.length / target.length;
      target.forEach((label, i) => {
        const theirs = maps[name].slice(i * one, (i + 1) * one).map((v) => v * logits[i * classes + label]);
        const largest = Math.max(...theirs.map(Math.abs));
        const difference = Math.max(...theirs.map((v, k) => Math.abs(v - data[i * one + k])));
        expect.soft(difference / largest).toBeLessThan(tolerance);
      });
    });
  });
});
