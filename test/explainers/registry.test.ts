import { describe, expect, it } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { evaluate, type Value } from '../../src/engine/reference.ts';
import { explainers, isWhiteBox } from '../../src/explainers/index.ts';
import * as g from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { UserError } from '../../src/numeric/errors.ts';
import { at, tensor } from '../../src/numeric/tensor.ts';
import { attentionNets, nets as plainNets } from './nets.ts';
import { setups, whiteBoxSetups } from './table.ts';

const nets = { ...plainNets, ...attentionNets };

const image = (seed: number, batch = 1): Value => {
  const rng = createRng(seed, 'image');
  return { shape: [batch, 3, 6, 6], data: Float64Array.from({ length: batch * 108 }, () => rng.uniform()) };
};
const classes = (labels: readonly number[]): Value => ({
  shape: [labels.length, 4],
  data: Float64Array.from(labels.flatMap((label) => [0, 1, 2, 3].map((k) => (k === label ? 1 : 0)))),
});

describe.each(whiteBoxSetups)('$name', ({ explainer, parsed: options, nets: kind }) => {
  const attribution = (net: string, smooth: boolean) => {
    const model = nets[net](createRng(4, net), {
      normalise: true,
      ...(smooth ? { activation: (x) => g.softplus(x, 3) } : {}),
    });
    const target = g.input('target', ['N', 4]);
    return { model, target, map: explainer.attribution({ model, target, options }) };
  };

  /** Some explainers are for nets of one kind only; they say so. */
  const applies = (net: string): boolean => {
    try {
      attribution(net, false);
      return true;
    } catch (error) {
      if (error instanceof UserError) return false;
      throw error;
    }
  };

  it('explains the nets that it is for, and says that it does not explain others', () => {
    for (const net of Object.keys(plainNets)) expect(applies(net), net).toBe(kind !== 'transformers');
    for (const net of Object.keys(attentionNets)) expect(applies(net), net).toBe(kind !== 'convolutional');
  });

  it.each(Object.keys(nets).filter(applies))(
    'can be differentiated again: gradient of a weighted map against central differences, %s net',
    (net) => {
      const { model, target, map } = attribution(net, true);
      const rng = createRng(8, net);
      const weights = g.constant(
        Float64Array.from({ length: 36 * g.sizeAlong(map, 1) }, () => rng.normal()),
        [1, ...(map.shape.slice(1) as number[])],
      );
      const scalar = g.reduceSum(g.mul(map, weights));
      const [slope] = g.grad(scalar, [model.pixels]);
      const pixels = image(5);
      const run = (node: g.Node, p: Value) =>
        evaluate(
          [node],
          new Map([
            [model.pixels, p],
            [target, classes([1])],
          ]),
          1,
        )[0];
      const gradient = run(slope, pixels).data;
      const direction = gradient.map(() => rng.normal());
      const moved = (h: number) =>
        run(scalar, { ...pixels, data: pixels.data.map((v, i) => v + h * direction[i]) }).data[0];
      const h = 1e-6;
      const difference = (moved(h) - moved(-h)) / (2 * h);
      const expected = gradient.reduce((s, v, i) => s + v * direction[i], 0);
      const scale = gradient.reduce((s, v, i) => s + Math.abs(v * direction[i]), 0) + 1e-6;
      expect(Math.abs(difference - expected)).toBeLessThan(1e-4 * scale);
    },
  );

  it.each(['pooled', 'skip', 'concatenated', 'transformer'].filter(applies))(
    'gives for a batch what it gives for each picture, each with its own class, %s net',
    async (net) => {
      const engine = createOnnxRuntimeEngine();
      const { map } = attribution(net, false);
      const program = engine.compile({ map });
      const pixels = image(6, 3);
      const labels = [2, 0, 3];
      const all = { pixels: tensor(pixels.shape, pixels.data), target: tensor([3, 4], classes(labels).data) };
      const whole = await program.run(all);
      for (let i = 0; i < 3; i++) {
        const [one, row] = [at(all.pixels, i), at(all.target, i)];
        const single = await program.run({
          pixels: tensor([1, ...one.shape], one.data),
          target: tensor([1, 4], row.data),
        });
        const part = at(whole.map, i);
        single.map.data.forEach((v, k) => expect(v).toBeCloseTo(part.data[k], 5));
      }
      await engine.release();
    },
  );
});

describe('registry', () => {
  it('is all in the table of axioms', () => {
    expect([...new Set(setups.map(({ use }) => use))]).toEqual(explainers.map(({ name }) => name));
  });

  it('has unique names, titles and papers', () => {
    const names = explainers.map((e) => e.name);
    expect(new Set(names).size).toBe(names.length);
    for (const e of explainers) expect(e.title.length * e.paper.length).toBeGreaterThan(0);
  });

  it('random depends on the seed only', async () => {
    const random = explainers.find((e) => e.name === 'random')!;
    if (isWhiteBox(random)) throw new Error('random is a black box');
    const run = (seed: number) =>
      random.explain({
        image: tensor([3, 4, 5]),
        target: 0,
        options: {},
        rng: createRng(seed),
        predict: () => Promise.reject(new Error('random asks for no prediction')),
      });
    const [a, b, c] = await Promise.all([run(1), run(1), run(2)]);
    expect(a.shape).toEqual([1, 4, 5]);
    expect(a.data).toEqual(b.data);
    expect(a.data).not.toEqual(c.data);
  });
});
