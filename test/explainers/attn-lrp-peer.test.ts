import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { evaluate, value } from '../../src/engine/reference.ts';
import { attnLrp } from '../../src/explainers/attn-lrp.ts';
import * as g from '../../src/graph/index.ts';
import { modelOf } from '../../src/model/model.ts';

const read = (file: string) => readFileSync(new URL(`../fixtures/${file}`, import.meta.url));

it('AttnLRP is that of its authors (lxt), through the ONNX file', () => {
  const fixture = JSON.parse(read('attnlrp_reference.json').toString()) as Record<
    'target' | 'pixels' | 'logits' | 'map',
    number[]
  >;
  const model = modelOf(read('explainers_transformer.onnx'), 'transformer.onnx', { preprocessing: 'none' });
  const target = g.input('target', ['N', 4]);
  const rows = fixture.target.flatMap((c) => [0, 1, 2, 3].map((k) => Number(k === c)));
  const [map, logits] = evaluate(
    [attnLrp.attribution({ model, target, options: {} }), model.logits],
    new Map([
      [model.pixels, value([2, 3, 12, 12], fixture.pixels)],
      [target, value([2, 4], rows)],
    ]),
    2,
  );
  const difference = (got: ArrayLike<number>, wanted: readonly number[]) =>
    Math.max(...wanted.map((v, i) => Math.abs(v - got[i]))) / Math.max(...wanted.map(Math.abs));
  expect(difference(logits.data, fixture.logits)).toBeLessThan(1e-5);
  expect(map.data).toHaveLength(fixture.map.length);
  // lxt adds ε = 1e-6 whatever the sign of the sum.
  expect(difference(map.data, fixture.map)).toBeLessThan(1e-3);
});
