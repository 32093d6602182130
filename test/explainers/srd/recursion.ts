import { evaluate, type Value } from '../../../src/engine/reference.ts';
import * as g from '../../../src/graph/index.ts';
import type { Node } from '../../../src/graph/index.ts';
import { isActivation, type Model } from '../../../src/model/model.ts';

/** The axis of features: 1, or the last where the name says so. */
export const axisOf = ({ name, shape }: Node): number => (name?.endsWith('-last') ? shape.length - 1 : 1);

const stride = (shape: readonly number[], axis: number) => shape.slice(axis + 1).reduce((a, b) => a * b, 1);

/** Which position the n-th number of a value belongs to. */
const positionOf = ({ shape }: Value, axis: number, n: number): number => {
  const behind = stride(shape, axis);
  return Math.floor(n / (behind * shape[axis])) * behind + (n % behind);
};

export const positionsOf = ({ shape, data }: Value, axis = 1): number => data.length / shape[axis];

/** The vector at a position of a value of batch 1. */
export const vectorAt = ({ shape, data }: Value, p: number, axis = 1): number[] => {
  const behind = stride(shape, axis);
  const first = Math.floor(p / behind) * behind * shape[axis] + (p % behind);
  return Array.from({ length: shape[axis] }, (_, c) => data[first + c * behind]);
};

export const dot = (a: readonly number[], b: readonly number[]) => a.reduce((s, v, i) => s + v * b[i], 0);

const isFixed = (node: Node) => node.name?.startsWith('fixed') === true;
const isConstant = (node: Node) => node.op === 'constant' || (node.op === 'expand' && node.inputs[0].op === 'constant');

/**
 * The forward recursion of effective receptive fields, by masking: no derivative is taken, no reverse pass made. Factors that the
 * net calls `fixed...` keep their value.
 */
export class Recursion {
  private readonly model: Model;
  private readonly pixels: Value;
  private readonly direction: 'srd' | 'srd-apop';
  private readonly fields = new Map<Node, Float64Array[]>();
  private readonly values = new Map<Node, Value>();

  constructor(model: Model, pixels: Value, direction: 'srd' | 'srd-apop') {
    this.model = model;
    this.pixels = pixels;
    this.direction = direction;
  }

  valueOf(node: Node): Value {
    const known = this.values.get(node);
    if (known) return known;
    const [value] = evaluate([node], new Map([[this.model.pixels, this.pixels]]), 1);
    this.values.set(node, value);
    return value;
  }

  private constantOf(node: Node): Node {
    const { shape, data } = this.valueOf(node);
    return g.constant(Float64Array.from(data), shape);
  }

  /** The earlier feature maps that the linear piece in front of z reads. */
  private sources(z: Node): Node[] {
    const found = new Set<Node>();
    const stack = [z];
    while (stack.length) {
      const node = stack.pop()!;
      if (isFixed(node)) continue;
      if (node === this.model.input || isActivation(node)) found.add(node);
      else stack.push(...node.inputs);
    }
    return [...found];
  }

  /** The linear piece with its factors and max pooling routed as in the true run, and without bias. */
  private linearPiece(z: Node, sources: readonly Node[]): { output: Node; slots: Node[] } {
    const slots = sources.map((s, i) => g.input(`slot${i}`, [1, ...s.shape.slice(1)]));
    const exchanged = new Map<Node, Node>(sources.map((s, i) => [s, slots[i]]));
    const made = new Map<Node, Node>();
    const without = (node: Node): Node =>
      g.withInputs({ ...node, inputs: node.inputs.slice(0, 2) } as Node, [visit(node.inputs[0]), node.inputs[1]]);
    const visit = (node: Node): Node => {
      const known = exchanged.get(node) ?? made.get(node);
      if (known) return known;
      let result: Node;
      if (isFixed(node)) {
        result = this.constantOf(node);
      } else if (node.op === 'maxPool') {
        const routed = this.valueOf(g.maxPoolIndices(node.inputs[0], node.attrs));
        result = g.poolGather(visit(node.inputs[0]), g.constant(Int32Array.from(routed.data), routed.shape, 'int64'));
      } else if (node.op === 'conv' || node.op === 'dense') {
        result = without(node);
      } else if (node.op === 'add' && node.inputs.some(isConstant)) {
        result = visit(node.inputs.find((i) => !isConstant(i))!);
      } else if (node.op === 'expand') {
        result = g.zeros([1, ...(node.shape.slice(1) as number[])]);
      } else if (node.op === 'constant') {
        result = node;
      } else if (node.op === 'reshape') {
        result = g.reshape(visit(node.inputs[0]), [1, ...node.shape.slice(1)]);
      } else {
        result = g.withInputs(node, node.inputs.map(visit));
      }
      made.set(node, result);
      return result;
    };
    return { output: visit(z), slots };
  }

  /** ERF(z_j) for each position j of a layer, as maps over the input's pixels. A layer that is no activation stands for itself. */
  fieldsOf(layer: Node): Float64Array[] {
    const known = this.fields.get(layer);
    if (known) return known;
    const [height, width] = this.model.size;
    if (layer === this.model.input) {
      const units = Array.from({ length: height * width }, (_, i) => {
        const unit = new Float64Array(height * width);
        unit[i] = 1;
        return unit;
      });
      this.fields.set(layer, units);
      return units;
    }
    const axis = axisOf(layer);
    const before = isActivation(layer) ? layer.inputs[0] : layer;
    const z = this.valueOf(before);
    const q = this.direction === 'srd' ? this.valueOf(layer) : z;
    const positions = positionsOf(z, axis);
    const result = Array.from({ length: positions }, () => new Float64Array(height * width));
    const sources = this.sources(before);
    const { output, slots } = this.linearPiece(before, sources);
    const silent = new Map(
      slots.map((slot) => [
        slot,
        { shape: slot.shape as number[], data: new Float64Array(stride([...(slot.shape as number[])], -1)) },
      ]),
    );
    sources.forEach((source, s) => {
      const a = this.valueOf(source);
      const from = axisOf(source);
      const earlier = this.fieldsOf(source);
      for (let i = 0; i < positionsOf(a, from); i++) {
        const alone = { shape: a.shape, data: a.data.map((v, n) => (positionOf(a, from, n) === i ? v : 0)) };
        const [contribution] = evaluate([output], new Map([...silent, [slots[s], alone]]), 1);
        for (let j = 0; j < positions; j++) {
          const along = vectorAt(q, j, axis);
          const norm = dot(vectorAt(z, j, axis), along);
          const share = dot(vectorAt(contribution, j, axis), along) / (norm + (norm >= 0 ? 1e-9 : -1e-9));
          for (let p = 0; p < height * width; p++) result[j][p] += share * earlier[i][p];
        }
      }
    });
    this.fields.set(layer, result);
    return result;
  }
}
