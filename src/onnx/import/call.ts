import type { Dim, Node } from '../../graph/index.ts';
import { toNumber, type AttributeProto } from '../proto.ts';
import type { TensorSource } from '../tensor.ts';
import { Unsupported } from './unsupported.ts';
import { isStatic, numbers, toNode, type Static, type Value } from './value.ts';

/** One ONNX node with its inputs at hand. */
export interface Call {
  readonly op: string;
  readonly opset: number;
  /** `undefined` where an optional input is left out. */
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: ReadonlyMap<string, AttributeProto>;
  /** How many outputs the node has. */
  readonly outputs: number;
  /** The batch size that the file was made for; undefined where it leaves it open. */
  readonly batch: number | undefined;
  readonly source: TensorSource;
}

/** Turns one ONNX node into its outputs. Throws Unsupported where it cannot. */
export type Importer = (call: Call) => Value | readonly Value[];

export const has = (call: Call, i: number): boolean => call.inputs[i] !== undefined;

/** The `i`-th input. */
export function value(call: Call, i: number): Value {
  const v = call.inputs[i];
  if (v === undefined) throw new Unsupported(`lacks its input ${i + 1}`);
  return v;
}

export const node = (call: Call, i: number): Node => toNode(value(call, i));

/** An input that must be known when the file is read. */
export function known(call: Call, i: number, what: string): Static {
  const v = value(call, i);
  if (isStatic(v)) return v;
  throw new Unsupported(`has ${what} that depends on the picture`);
}

/** A list of integers given as an input known in advance, or as an attribute in older opsets. */
export function integers(call: Call, i: number, name: string): number[] | undefined {
  return has(call, i) ? Array.from(numbers(known(call, i, name))) : intsAttr(call, name);
}

/** Like `integers`, with the batch size among them allowed. */
export function dimensions(call: Call, i: number, name: string): Dim[] | undefined {
  return has(call, i) ? Array.from(known(call, i, name).data) : intsAttr(call, name);
}

export function intAttr(call: Call, name: string, otherwise: number): number {
  const a = call.attributes.get(name);
  return a ? toNumber(a.i ?? 0) : otherwise;
}

export function intsAttr(call: Call, name: string): number[] | undefined {
  return call.attributes.get(name)?.ints?.map(toNumber);
}

export function floatAttr(call: Call, name: string, otherwise: number): number {
  return call.attributes.get(name)?.f ?? otherwise;
}

export function stringAttr(call: Call, name: string, otherwise: string): string {
  const s = call.attributes.get(name)?.s;
  return s ? Buffer.from(s).toString() : otherwise;
}
