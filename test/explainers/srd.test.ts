import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, type Value } from '../../src/engine/reference.ts';
import { sharingRatioOptions, sharingRatioAttribution, type Direction } from '../../src/explainers/sharing-ratio.ts';
import { targetLogit } from '../../src/explainers/explainer.ts';
import { targetLayer } from '../../src/explainers/layers.ts';
import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import { isActivation, type Model } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';
import { nets } from './nets.ts';

const directions: Record<string, Direction> = { srd: (_, after) => after, 'srd-apop': (before) => before };

function image(model: Model, seed: number): Value {
  const rng = createRng(seed, 'image');
  const shape = [1, 3, ...model.size];
  return { shape, data: Float64Array.from({ length: 3 * model.size[0] * model.size[1] }, () => rng.uniform()) };
}

/** The values of nodes for one picture and one explained class. */
function observe(model: Model, target: Node, pixels: Value, label: number, nodes: readonly Node[]): Value[] {
  const chosen = {
    shape: [1, model.classes],
    data: Float64Array.from({ length: model.classes }, (_, k) => (k === label ? 1 : 0)),
  };
  return evaluate(
    nodes,
    new Map([
      [model.pixels, pixels],
      [target, chosen],
    ]),
    1,
  );
}

/** The vector at a position of `[1,C,H,W]`. */
const vectorAt = ({ shape, data }: Value, p: number): number[] => {
  const area = shape[2] * shape[3];
  return Array.from({ length: shape[1] }, (_, c) => data[c * area + p]);
};
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((s, v, i) => s + v * b[i], 0);

/** The forward recursion of effective receptive fields, by masking: no derivative is taken, no reverse pass made. */
class Recursion {
  private readonly model: Model;
  private readonly pixels: Value;
  private readonly direction: 'srd' | 'srd-apop';
  private readonly fields = new Map<Node, Float64Array[]>();

  constructor(model: Model, pixels: Value, direction: 'srd' | 'srd-apop') {
    this.model = model;
    this.pixels = pixels;
    this.direction = direction;
  }

  private valueOf(node: Node): Value {
    return evaluate([node], new Map([[this.model.pixels, this.pixels]]), 1)[0];
  }

  /** The earlier feature maps that the linear piece in front of z reads. */
  private sources(z: Node): Node[] {
    const found = new Set<Node>();
    const stack = [z];
    while (stack.length) {
      const node = stack.pop()!;
      if (node === this.model.input || (isActivation(node) && node !== z)) found.add(node);
      else stack.push(...node.inputs);
    }
    return [...found];
  }

  /** The linear piece with max pooling routed as in the true run, and without bias. */
  private linearPiece(z: Node, sources: readonly Node[]): { output: Node; slots: Node[] } {
    const slots = sources.map((s, i) => g.input(`slot${i}`, [1, ...s.shape.slice(1)]));
    const exchanged = new Map<Node, Node>(sources.map((s, i) => [s, slots[i]]));
    const made = new Map<Node, Node>();
    const visit = (node: Node): Node => {
      const known = exchanged.get(node) ?? made.get(node);
      if (known) return known;
      let result: Node;
      if (node.op === 'maxPool') {
        const routed = this.valueOf(g.maxPoolIndices(node.inputs[0], node.attrs));
        result = g.poolGather(visit(node.inputs[0]), g.constant(Int32Array.from(routed.data), routed.shape, 'int64'));
      } else if (node.op === 'conv') {
        result = g.conv(visit(node.inputs[0]), node.inputs[1], undefined, node.attrs);
      } else if (node.op === 'constant') {
        result = node;
      } else {
        result = g.withInputs(node, node.inputs.map(visit));
      }
      made.set(node, result);
      return result;
    };
    return { output: visit(z), slots };
  }

  /** ERF(z_j) for each position j of an activation node, as maps over the input's pixels. */
  fieldsOf(activation: Node): Float64Array[] {
    const known = this.fields.get(activation);
    if (known) return known;
    const [height, width] = this.model.size;
    if (activation === this.model.input) {
      const units = Array.from({ length: height * width }, (_, i) => {
        const unit = new Float64Array(height * width);
        unit[i] = 1;
        return unit;
      });
      this.fields.set(activation, units);
      return units;
    }
    const z = this.valueOf(activation.inputs[0]);
    const q = this.direction === 'srd' ? this.valueOf(activation) : z;
    const positions = z.shape[2] * z.shape[3];
    const result = Array.from({ length: positions }, () => new Float64Array(height * width));
    const sources = this.sources(activation.inputs[0]);
    const { output, slots } = this.linearPiece(activation.inputs[0], sources);
    sources.forEach((source, s) => {
      const a = this.valueOf(source);
      const area = a.shape[2] * a.shape[3];
      const earlier = this.fieldsOf(source);
      for (let i = 0; i < area; i++) {
        const feeds = new Map(
          slots.map((slot, k) => [
            slot,
            {
              shape: slot.shape as number[],
              data: Float64Array.from(this.valueOf(sources[k]).data, (v, n) => (k === s && n % area === i ? v : 0)),
            },
          ]),
        );
        const [contribution] = evaluate([output], feeds, 1);
        for (let j = 0; j < positions; j++) {
          const norm = dot(vectorAt(z, j), vectorAt(q, j));
          const share = norm === 0 ? 0 : dot(vectorAt(contribution, j), vectorAt(q, j)) / norm;
          for (let p = 0; p < height * width; p++) result[j][p] += share * earlier[i][p];
        }
      }
    });
    this.fields.set(activation, result);
    return result;
  }
}

const options = sharingRatioOptions.parse({});

describe.each(['srd', 'srd-apop'] as const)('%s', (name) => {
  // The joint net starts at a concatenation, which is one feature vector there: see its own test.
  it.each(Object.keys(nets).filter((n) => n !== 'joint'))(
    'equals the forward recursion of receptive fields on the %s net',
    (net) => {
      const model = nets[net](createRng(7, net), { size: 4, normalise: net === 'skip' });
      const pixels = image(model, 3);
      const target = g.input('target', ['N', model.classes]);
      const layer = targetLayer(model);
      const [gradient] = g.grad(targetLogit(model, target), [layer]);
      const [attribution, t, a] = observe(model, target, pixels, 1, [
        sharingRatioAttribution({ model, target, options }, directions[name]),
        gradient,
        layer,
      ]);
      const fields = new Recursion(model, pixels, name).fieldsOf(layer);
      const area = model.size[0] * model.size[1];
      const expected = new Float64Array(area);
      fields.forEach((field, p) => {
        const relevance = dot(vectorAt(t, p), vectorAt(a, p));
        field.forEach((v, i) => (expected[i] += relevance * v));
      });
      const scale = Math.max(...expected.map(Math.abs));
      for (let i = 0; i < area; i++) {
        const got = vectorAt(attribution, i).reduce((s, v) => s + v, 0);
        expect(Math.abs(got - expected[i]) / scale).toBeLessThan(1e-6);
      }
    },
  );

  it.each(Object.keys(nets))('keeps the relevance without bias on the %s net', (net) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 3 }), (seed, label) => {
        const model = nets[net](createRng(seed, net), { bias: false });
        const target = g.input('target', ['N', model.classes]);
        const layer = targetLayer(model);
        const [gradient] = g.grad(targetLogit(model, target), [layer]);
        const [attribution, relevance] = observe(model, target, image(model, seed), label, [
          g.reduceSum(sharingRatioAttribution({ model, target, options }, directions[name])),
          g.reduceSum(g.mul(gradient, layer)),
        ]);
        // ε = 1e-9 takes its part where an almost dead feature vector carries relevance.
        expect(attribution.data[0]).toBeCloseTo(relevance.data[0], 5);
      }),
      { numRuns: 15 },
    );
  });

  it('keeps the relevance with bias, too, when shares are renormalised', () => {
    const model = nets.skip(createRng(1, 'skip'));
    const target = g.input('target', ['N', model.classes]);
    const layer = targetLayer(model);
    const [gradient] = g.grad(targetLogit(model, target), [layer]);
    const renormalised = { ...options, bias: 'renormalise' as const };
    const [all, ignored, relevance] = observe(model, target, image(model, 1), 0, [
      g.reduceSum(sharingRatioAttribution({ model, target, options: renormalised }, directions[name])),
      g.reduceSum(sharingRatioAttribution({ model, target, options }, directions[name])),
      g.reduceSum(g.mul(gradient, layer)),
    ]);
    expect(all.data[0]).toBeCloseTo(relevance.data[0], 5);
    expect(Math.abs(ignored.data[0] - relevance.data[0])).toBeGreaterThan(1e-3);
  });

  it('takes any activation, and starts from the vector before it on request', () => {
    const model = nets.skip(createRng(2, 'gelu'), { activation: (x) => g.gelu(x), bias: false });
    const target = g.input('target', ['N', model.classes]);
    const layer = targetLayer(model);
    const [gradient] = g.grad(targetLogit(model, target), [layer]);
    const before = { ...options, relevance: 'pre' as const };
    const [post, pre, afterwards, beforehand] = observe(model, target, image(model, 2), 0, [
      g.reduceSum(sharingRatioAttribution({ model, target, options }, directions[name])),
      g.reduceSum(sharingRatioAttribution({ model, target, options: before }, directions[name])),
      g.reduceSum(g.mul(gradient, layer)),
      g.reduceSum(g.mul(gradient, layer.inputs[0])),
    ]);
    expect(post.data[0]).toBeCloseTo(afterwards.data[0], 6);
    expect(pre.data[0]).toBeCloseTo(beforehand.data[0], 6);
  });

  it('treats concatenated activations at the target layer as one feature vector', () => {
    // Softplus leaves no feature vector dead, so that the plain quotients below are defined.
    const model = nets.joint(createRng(5, 'joint'), { activation: (x) => g.softplus(x, 2) });
    const target = g.input('target', ['N', model.classes]);
    const layer = targetLayer(model);
    expect(layer.name).toBe('concat');
    const parts = layer.inputs;
    const joined = (nodes: readonly Node[]) => g.concat(nodes, 1);
    const [gradient] = g.grad(targetLogit(model, target), [layer]);
    const z = joined(parts.map((p) => p.inputs[0]));
    const q = name === 'srd' ? layer : z;
    // Written out for the whole vector: the share of each position, then the ordinary rule at the one activation below.
    const below = model.layers.get('squeeze')!;
    const share = g.div(g.reduceSum(g.mul(gradient, layer), [1], true), g.reduceSum(g.mul(z, q), [1], true));
    const [t] = g.backward([z], [g.mul(q, share)], [below]);
    const zb = below.inputs[0];
    const qb = name === 'srd' ? below : zb;
    const passed = g.mul(qb, g.div(g.reduceSum(g.mul(below, t), [1], true), g.reduceSum(g.mul(zb, qb), [1], true)));
    const [atInput] = g.backward([zb], [passed], [model.input]);
    const [got, expected] = observe(model, target, image(model, 5), 2, [
      sharingRatioAttribution({ model, target, options }, directions[name]),
      g.mul(model.input, atInput),
    ]);
    got.data.forEach((v, i) => expect(v).toBeCloseTo(expected.data[i], 8));
  });

  it('gives nothing outside the receptive field of a position', () => {
    const model = nets.plain(createRng(3, 'plain'), { size: 6 });
    const fields = new Recursion(model, image(model, 3), name).fieldsOf(targetLayer(model));
    // Two 3x3 convolutions see two pixels to each side.
    fields.forEach((field, p) =>
      field.forEach((v, i) => {
        const far = Math.max(Math.abs(Math.floor(p / 6) - Math.floor(i / 6)), Math.abs((p % 6) - (i % 6))) > 2;
        if (far) expect(v).toBe(0);
      }),
    );
  });

  it('names the layers there are when asked for one there is not', () => {
    const model = nets.plain(createRng(3, 'plain'));
    const target = g.input('target', ['N', model.classes]);
    expect(() =>
      sharingRatioAttribution({ model, target, options: { ...options, layer: 'relu9' } }, directions[name]),
    ).toThrow(/no layer 'relu9'; it has .*relu1/);
  });
});
