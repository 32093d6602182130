import fc from 'fast-check';
import { evaluate, type Value } from '../../src/engine/reference.ts';
import { isWhiteBox } from '../../src/explainers/index.ts';
import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import { featureAxis, rebuild, type Model } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';
import { tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { attentionNets, nets, type NetOptions } from './nets.ts';
import type { Axiom, Setup } from './table.ts';

const plane = 36;
const classes = 4;
const oneHot = (label: number): Value => ({
  shape: [1, classes],
  data: Float64Array.from({ length: classes }, (_, k) => Number(k === label)),
});

/** Random pixels `[1,3,6,6]` that are floats of 32 bits, as black boxes get them. */
export function picture(seed: number): Value {
  const rng = createRng(seed, 'picture');
  return { shape: [1, 3, 6, 6], data: Float64Array.from({ length: 3 * plane }, () => Math.fround(rng.uniform())) };
}

/** The logits `[N,K]` of pictures, in float64. */
export const logitsOf = (model: Model, pixels: Value): Value =>
  evaluate([model.logits], new Map([[model.pixels, pixels]]), pixels.shape[0])[0];

const wide = ({ shape, data }: Tensor): Value => ({ shape, data: Float64Array.from(data) });
const narrow = ({ shape, data }: Value): Tensor => tensor(shape, Float32Array.from(data));

/** The map of a picture, flat. */
export async function mapOf(setup: Setup, model: Model, pixels: Value, label = 1, seed = 0): Promise<number[]> {
  const { explainer, parsed: options } = setup;
  if (isWhiteBox(explainer)) {
    const target = g.input('target', ['N', classes]);
    const map = explainer.attribution({ model, target, options });
    const feeds = new Map([
      [model.pixels, pixels],
      [target, oneHot(label)],
    ]);
    return Array.from(evaluate([map], feeds, 1)[0].data);
  }
  const predict = (images: Tensor) => Promise.resolve(narrow(logitsOf(model, wide(images))));
  const image = tensor([3, 6, 6], Float32Array.from(pixels.data));
  return Array.from((await explainer.explain({ predict, image, target: label, options, rng: createRng(seed) })).data);
}

/** The same function of pixels that are moved by another constant in each channel. */
function shifted(model: Model): Model {
  const back = g.constant(Float64Array.of(-0.25, 0.125, -0.0625), [1, 3, 1, 1]);
  const moved = g.add(model.pixels, back);
  const { logits, layers } = rebuild(model, (node, original) => (original === model.pixels ? moved : node));
  return { ...model, logits, layers };
}
const shift = ({ shape, data }: Value): Value => ({
  shape,
  data: data.map((v, i) => v + [0.25, -0.125, 0.0625][Math.floor(i / plane)]),
});

/** ReLU whose input and output are measured in other units, another one a neuron: the same function. */
function rescaled(x: Node): Node {
  const axis = featureAxis(x);
  const units = g.constant(
    Float64Array.from({ length: g.sizeAlong(x, axis) }, (_, k) => [0.5, 2, 1, 3][k % 4]),
    x.shape.map((_, i) => (i === axis ? g.sizeAlong(x, axis) : 1)),
  );
  return g.div(g.relu(g.mul(x, units)), units);
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const size = (values: readonly number[]): number => Math.max(1e-3, ...values.map(Math.abs));
/** Whether two maps are one, up to rounding. */
export const alike = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((v, i) => Math.abs(v - b[i]) < 1e-4 * size(b));

/** A net with random weights, for one kind of explainers. */
export type Build = (options?: NetOptions) => Model;
type Case = (setup: Setup, build: Build, pixels: Value) => Promise<boolean>;

/** Whether the map's sum is the change of the logit from the black picture. */
async function sumsToChange(setup: Setup, model: Model, pixels: Value): Promise<boolean> {
  const map = await mapOf(setup, model, pixels);
  const black = { ...pixels, data: new Float64Array(pixels.data.length) };
  const change = logitsOf(model, pixels).data[1] - logitsOf(model, black).data[1];
  return Math.abs(sum(map) - change) < 1e-3 * sum(map.map(Math.abs)) + 1e-6;
}

/** What may hold of an explainer's maps, for each net and picture. */
const cases: Record<Axiom, Case> = {
  /** The sum over the map is the change of the logit from the black picture; activations are smooth and 0 at 0, no max pool. */
  complete: (setup, build, pixels) => sumsToChange(setup, build({ activation: g.gelu }), pixels),
  /** The same on ReLU nets without biases, where the black picture's logits are 0. */
  'complete without bias': (setup, build, pixels) => sumsToChange(setup, build({ bias: false }), pixels),
  /** A constant added to the pixels and taken off again by the net changes nothing (arXiv:1711.00867). */
  shift: async (setup, build, pixels) =>
    alike(await mapOf(setup, shifted(build()), shift(pixels)), await mapOf(setup, build(), pixels)),
  /** Neurons measured in other units, the next layer dividing by them, change nothing. */
  rescaling: async (setup, build, pixels) =>
    alike(await mapOf(setup, build({ activation: rescaled }), pixels), await mapOf(setup, build(), pixels)),
  /** The map is the same for each class. */
  'class-blind': async (setup, build, pixels) =>
    alike(await mapOf(setup, build(), pixels, 0), await mapOf(setup, build(), pixels, 1)),
  'non-negative': async (setup, build, pixels) => (await mapOf(setup, build(), pixels)).every((v) => v >= -1e-12),
  /** Another seed gives the same map. */
  'no seed': async (setup, build, pixels) =>
    alike(await mapOf(setup, build(), pixels, 1, 7), await mapOf(setup, build(), pixels, 1, 8)),
};

/** Nets that an explainer is tried on; on smooth ones, max pools would make kinks. */
export function netsFor({ nets: kind }: Setup, smooth = false): typeof nets {
  if (kind === 'transformers') return attentionNets;
  const { averaged, pooled, skip, concatenated } = nets;
  return smooth ? { averaged, skip } : { pooled, skip, concatenated };
}

/** What random nets and pictures say of an axiom. */
export interface Verdict {
  readonly holds: boolean;
  /** What it does not hold of. */
  readonly counterExample: string;
}

/** Tries an axiom on random nets and pictures. */
export async function tried(axiom: Axiom, setup: Setup): Promise<Verdict> {
  const chosen = netsFor(setup, axiom === 'complete');
  let thrown: unknown;
  const property = fc.asyncProperty(fc.constantFrom(...Object.keys(chosen)), fc.nat(1e6), async (net, seed) => {
    try {
      return await cases[axiom](setup, (options) => chosen[net](createRng(seed, net), options), picture(seed));
    } catch (error) {
      thrown ??= error;
      throw error;
    }
  });
  const { failed, counterexample } = await fc.check(property, { numRuns: 6, seed: 1, endOnFailure: true });
  if (thrown) throw thrown;
  return { holds: !failed, counterExample: JSON.stringify(counterexample) };
}
