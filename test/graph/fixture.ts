import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { evaluate, value, type Value } from '../../src/engine/reference.ts';
import * as g from '../../src/graph/index.ts';

/** A tensor of the fixture, which was made by PyTorch in float64. */
export interface Packed {
  readonly shape: number[];
  readonly data: number[];
}

/** A result and the gradients of its inner product with a cotangent. */
interface Derived {
  readonly y: Packed;
  readonly cotangent: Packed;
  readonly gradients: Packed[];
}

export interface Fixture {
  readonly conv: (Derived & { attrs: g.ConvAttrs; x: Packed; w: Packed; b: Packed })[];
  readonly maxPool: (Derived & { attrs: g.PoolAttrs; x: Packed; indices: Packed })[];
  readonly avgPool: (Derived & { attrs: g.AvgPoolAttrs; x: Packed })[];
  readonly pointwise: Record<string, { x: Packed; y: Packed; first: Packed; second: Packed }>;
  readonly logSoftmax: Derived & { x: Packed };
  readonly resize: (Derived & {
    mode: 'nearest' | 'bilinear';
    coordinates: g.ResizeCoordinates;
    to: g.Pair;
    x: Packed;
  })[];
  readonly doubleBackward: Record<
    'relu' | 'softplus',
    Record<'x' | 'w' | 'v' | 'p' | 'explanation', Packed> & { gradients: Packed[] }
  >;
}

export const fixture = JSON.parse(
  readFileSync(new URL('../fixtures/graph_reference.json', import.meta.url), 'utf8'),
) as Fixture;

export const unpack = ({ shape, data }: Packed): Value => value(shape, data);

/** Expects equal shapes, and values within an absolute and relative tolerance. */
export function expectClose(got: Value, want: Packed | Value, tolerance = 1e-11): void {
  expect(got.shape).toEqual(want.shape);
  got.data.forEach((v, i) => {
    const error = Math.abs(v - want.data[i]);
    expect(error, `entry ${i}: ${v}, expected ${want.data[i]}`).toBeLessThanOrEqual(
      tolerance * (1 + Math.abs(want.data[i])),
    );
  });
}

/** Checks a result and its gradients in all inputs against the fixture. */
export function expectDerived(inputs: readonly Packed[], derived: Derived, output: (nodes: g.Node[]) => g.Node): void {
  const nodes = inputs.map((v, i) => g.input(`x${i}`, v.shape));
  const y = output(nodes);
  const cotangent = g.constant(Float64Array.from(derived.cotangent.data), derived.cotangent.shape);
  const feeds = new Map(nodes.map((n, i) => [n, unpack(inputs[i])]));
  const [result, ...gradients] = evaluate([y, ...g.backward([y], [cotangent], nodes)], feeds);
  expectClose(result, derived.y);
  gradients.forEach((gradient, i) => expectClose(gradient, derived.gradients[i]));
}
