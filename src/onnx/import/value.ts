import { constant, type Dim, type DType, type Node } from '../../graph/index.ts';
import { Unsupported } from './unsupported.ts';

/**
 * A tensor that is known when the file is read. Integers may hold the symbolic batch size, because files compute the shapes
 * they reshape to out of the shape of their input.
 */
export interface Static {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: ArrayLike<Dim>;
}

/** What an ONNX value stands for: a node of the graph, or a tensor known in advance. */
export type Value = Node | Static;

export const isNode = (value: Value): value is Node => 'op' in value;
export const isStatic = (value: Value): value is Static => !isNode(value);

/** Integers as a vector. */
export const vector = (data: readonly Dim[]): Static => ({ shape: [data.length], dtype: 'int64', data });

/** The values as numbers. Throws Unsupported where one depends on the batch size. */
export function numbers({ data }: Static): ArrayLike<number> {
  if (!Array.isArray(data)) return data as ArrayLike<number>;
  const symbolic = data.find((d) => typeof d !== 'number');
  if (symbolic !== undefined) throw new Unsupported(`computes with the batch size (${symbolic})`);
  return data;
}

const constants = new WeakMap<Static, Node>();

/** The value as a node of the graph; a tensor known in advance becomes one constant, however often it is used. */
export function toNode(value: Value): Node {
  if (isNode(value)) return value;
  let node = constants.get(value);
  if (!node) {
    const values = numbers(value);
    const data =
      value.dtype === 'float32'
        ? values instanceof Float32Array
          ? values
          : Float32Array.from(values)
        : value.dtype === 'bool'
          ? Uint8Array.from(values)
          : Int32Array.from(values);
    node = constant(data, value.shape, value.dtype);
    constants.set(value, node);
  }
  return node;
}

const largest = 2 ** 27;

/** The size of a tensor to be made while reading. Throws Unsupported where only a damaged file could ask for it. */
export function checkedSize(size: number): number {
  if (Number.isInteger(size) && size >= 0 && size <= largest) return size;
  throw new Unsupported(`makes a constant of ${size} values`);
}
