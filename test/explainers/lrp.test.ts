import { describe, expect, it } from 'vitest';
import { evaluate, type Value } from '../../src/engine/reference.ts';
import { lrp } from '../../src/explainers/lrp.ts';
import { composites, type CompositeName } from '../../src/explainers/lrp/composites.ts';
import * as g from '../../src/graph/index.ts';
import { createRng, type Rng } from '../../src/numeric/random.ts';
import { nets } from './nets.ts';

const all = Object.keys(composites) as CompositeName[];
/**
 * α2β1 gives twice what an output without negative contributions got, and z⁺ at the dense layer loses what a logit without positive ones got.
 */
const keeping = all.filter((name) => !name.includes('alpha2') && name !== 'excitation-backprop');

function values(shape: readonly number[], rng: Rng, draw = () => rng.normal()): Value {
  return { shape, data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, draw) };
}

function explain(net: string, seed: number, composite: CompositeName, bias: boolean) {
  const rng = createRng(seed, net);
  const model = nets[net](rng, { bias, normalise: true });
  const target = g.input('target', ['N', 4]);
  const attribution = lrp.attribution({ model, target, options: lrp.options.parse({ composite }) });
  const pixels = values([1, 3, ...model.size], rng, () => rng.uniform());
  const chosen = { shape: [1, 4], data: Float64Array.of(0, 1, 0, 0) };
  return evaluate(
    [attribution, model.logits],
    new Map([
      [model.pixels, pixels],
      [target, chosen],
    ]),
    1,
  );
}

describe('lrp', () => {
  for (const composite of keeping)
    it.each(Object.keys(nets))(`${composite} keeps the relevance without bias on the %s net`, (net) => {
      for (let seed = 0; seed < 5; seed++) {
        const [relevance, logits] = explain(net, seed, composite, false);
        const total = relevance.data.reduce((s, v) => s + v, 0);
        // ε = 1e-6 takes its part at each of a handful of layers.
        expect(Math.abs(total - logits.data[1])).toBeLessThan(1e-3 * Math.max(1, Math.abs(logits.data[1])));
      }
    });
});

describe("rules of one's own", () => {
  const model = nets.plain(createRng(2, 'own'), { normalise: true });
  const conv = g.topological([model.logits]).filter((n): boolean => n.op === 'conv');
  const [logits] = g.rewrite([model.logits], (n, original) =>
    conv.includes(original) ? g.named(n, `block.${conv.indexOf(original)}`) : n,
  );
  const target = g.input('target', ['N', 4]);
  const pixels = values([1, 3, ...model.size], createRng(3), () => 0.3);
  const map = (options: unknown) => {
    const attribution = lrp.attribution({ model: { ...model, logits }, target, options: lrp.options.parse(options) });
    const chosen = { shape: [1, 4], data: Float64Array.of(1, 0, 0, 0) };
    return evaluate(
      [attribution],
      new Map([
        [model.pixels, pixels],
        [target, chosen],
      ]),
      1,
    )[0].data;
  };

  it('go before those of the composite, the first that fits', () => {
    const spelledOut = [
      { layers: 'dense', rule: 'epsilon' },
      { layers: 'block.0', rule: 'z-box' },
      { layers: 'block.*', rule: 'gamma', gamma: 0.25 },
      { layers: 'conv', rule: 'flat' },
    ];
    expect(map({ rules: spelledOut })).toEqual(map({ composite: 'epsilon-gamma-box' }));
    expect(map({ rules: [{ layers: 'conv', rule: 'alpha-beta', alpha: 1 }] })).toEqual(map({}));
    expect(map({ rules: [{ layers: 'first', rule: 'flat' }] })).toEqual(map({ composite: 'epsilon-plus-flat' }));
  });

  it('take their settings from the options where they have none', () => {
    const gamma = (options: object, own: object) =>
      map({ ...options, rules: [{ layers: 'conv', rule: 'gamma', ...own }] });
    expect(gamma({ gamma: 3 }, {})).toEqual(gamma({}, { gamma: 3 }));
    expect(gamma({ gamma: 3 }, {})).not.toEqual(gamma({}, {}));
    expect(map({ epsilon: 0.5 })).toEqual(map({ rules: [{ layers: 'dense', rule: 'epsilon', epsilon: 0.5 }] }));
    expect(map({ epsilon: 0.5 })).not.toEqual(map({}));
  });

  it.each([
    [
      { rules: [{ layers: 'blok.*', rule: 'flat' }] },
      /no convolution or dense layer 'blok[.][*]'.*block[.]0, block[.]1/,
    ],
    [{ rules: [{ layers: 'block.1', rule: 'z-box' }] }, /z-box is for convolutions on the picture.*'block[.]1'/],
    [{ rules: [{ layers: 'conv', rule: 'flat', gamma: 1 }] }, /belongs to the rule gamma, not to flat/],
    [{ rules: [{ layers: 'conv', rule: 'alpha-beta', alpha: 0.5 }] }, /expected number to be >=1/],
    [{ rules: [{ layers: 'conv', rule: 'plus' }] }, /Invalid option.*z-plus/],
  ])('are refused where they make no sense: %j', (options, message) => {
    expect(() => map(options)).toThrow(message);
  });
});

it('the box rule reaches a first layer behind a rearrangement of the picture', () => {
  const rng = createRng(6, 'behind');
  const model = nets.plain(rng, { normalise: true });
  // Padding said as an op of its own, as some exporters do: the same model, the same map.
  const [padded] = g.rewrite([model.logits], (node) => {
    if (node.op !== 'conv' || node.inputs[0] !== model.input) return node;
    const [x, w, bias] = node.inputs;
    return g.conv(g.pad(x, [0, 0, 1, 1], [0, 0, 1, 1]), w, bias);
  });
  const target = g.input('target', ['N', 4]);
  const options = lrp.options.parse({ composite: 'epsilon-gamma-box' });
  const maps = [model, { ...model, logits: padded }].map((m) => lrp.attribution({ model: m, target, options }));
  const pixels = values([1, 3, ...model.size], rng, () => rng.uniform());
  const chosen = { shape: [1, 4], data: Float64Array.of(0, 1, 0, 0) };
  const [whole, behind] = evaluate(
    maps,
    new Map([
      [model.pixels, pixels],
      [target, chosen],
    ]),
    1,
  );
  // Only pixels whose windows reach the border differ: there the bounds of the box stand in for padding.
  const inner = (v: Float64Array, c: number, y: number, x: number) => v[(c * 6 + y) * 6 + x];
  for (let c = 0; c < 3; c++)
    for (let y = 2; y < 4; y++)
      for (let x = 2; x < 4; x++) expect(inner(behind.data, c, y, x)).toBeCloseTo(inner(whole.data, c, y, x), 8);
});
