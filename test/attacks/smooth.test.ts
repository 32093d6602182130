import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smoothed } from '../../attacks/smooth.ts';
import { createReferenceEngine, evaluate, value } from '../../src/engine/reference.ts';
import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import type { Model } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';
import { nets } from '../explainers/nets.ts';
import { toyAttacks } from './toy.ts';

/** A model that is one activation of its pixels. */
function modelOf(activation: (x: Node) => Node): Model {
  const pixels = g.input('pixels', ['N', 1]);
  const logits = g.named(activation(pixels), 'act');
  const layers = new Map([['act', logits]]);
  return { name: 'act', pixels, input: pixels, logits, layers, size: [1, 1], classes: 1, notes: [], hash: 'act' };
}

const activations: Readonly<Record<string, (x: Node) => Node>> = {
  relu: g.relu,
  relu6: (x) => g.clip(x, 0, 6),
  'leaky relu': (x) => g.leakyRelu(x, 0.1),
  'hard tanh': (x) => g.clip(x, -1, 1),
};
const exact: Readonly<Record<string, (x: number) => number>> = {
  relu: (x) => Math.max(x, 0),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  'leaky relu': (x) => (x > 0 ? x : 0.1 * x),
  'hard tanh': (x) => Math.min(Math.max(x, -1), 1),
};
/** The lower kink, and the slopes on both sides of it. */
const kinks: Readonly<Record<string, readonly [at: number, left: number, right: number]>> = {
  relu: [0, 0, 1],
  relu6: [0, 0, 1],
  'leaky relu': [0, 0.1, 1],
  'hard tanh': [-1, 0, 1],
};

describe.each(Object.keys(activations))('%s in the copy', (name) => {
  const copy = smoothed(modelOf(activations[name]), g.input('beta', []));
  const [slope] = g.grad(copy.logits, [copy.pixels]);
  const at = (x: number, beta: number) =>
    evaluate([copy.logits, slope], { pixels: value([1, 1], [x]), beta: value([], [beta]) }).map(({ data }) => data[0]);

  it('is within log(2) / beta of what it was', () =>
    fc.assert(
      fc.property(
        fc.double({ min: -9, max: 9, noNaN: true }),
        fc.double({ min: 1, max: 100, noNaN: true }),
        (x, beta) => {
          expect(Math.abs(at(x, beta)[0] - exact[name](x))).toBeLessThanOrEqual(Math.LN2 / beta + 1e-9);
        },
      ),
    ));

  it('has a slope that goes over from one side of the kink to the other', () =>
    fc.assert(
      fc.property(
        fc.double({ min: -0.9, max: 0.9, noNaN: true }),
        fc.double({ min: 2, max: 20, noNaN: true }),
        (dx, beta) => {
          const [place, left, right] = kinks[name];
          const x = place + dx;
          const expected = left + (right - left) / (1 + Math.exp(-beta * dx));
          // Where softplus is above the upper end, the copy is level as the activation is.
          if (name === 'hard tanh' && at(x, beta)[0] === 1) return;
          expect(at(x, beta)[1]).toBeCloseTo(expected, 9);
        },
      ),
    ));

  it('keeps its name', () => expect([...copy.layers.values()][0]).toBe(copy.logits));
});

it('leaves activations that are curved', () => {
  for (const activation of [g.gelu, g.silu, g.hardSwish, g.softplus] as ((x: Node) => Node)[]) {
    const model = modelOf((x) => activation(x));
    expect(smoothed(model, g.input('beta', [])).logits).toBe(model.logits);
  }
});

describe.each([
  ['relu6', (x: Node) => g.clip(x, 0, 6)],
  ['leaky relu', (x: Node) => g.leakyRelu(x, 0.1)],
  ['hard-swish', g.hardSwish],
] as const)('on a net of %s', (name, activation) => {
  const engine = createReferenceEngine();
  const model = nets.pooled(createRng(21, 'attack'), { size: 12, normalise: true, activation });
  const toy = toyAttacks(engine, model);

  it('targeted manipulation of the gradient has a loss that falls', async () => {
    const attribution = (m: Model, target: Node) => g.grad(g.reduceSum(g.mul(m.logits, target), [1]), [m.input])[0];
    const options = { steps: 6, learningRate: 0.01, betaStart: 10, betaEnd: 10, explanationWeight: 1e7 };
    const attack = toy.prepare('targeted-manipulation', options, attribution);
    const { losses } = await toy.runOne(attack, await toy.victim(3));
    expect(losses!.at(-1)!, name).toBeLessThan(0.95 * losses![0]);
  });
});
