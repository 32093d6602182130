import {
  attributeTypes,
  dataTypes,
  encodeModel,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
} from '../../src/onnx/proto.ts';
import { drawTensor } from './run.ts';

type Value = Partial<Pick<AttributeProto, 'f' | 'i' | 'floats' | 'ints' | 't'>> & { s?: string };

export const int = (i: number): Value => ({ i });
export const float = (f: number): Value => ({ f });
export const ints = (...list: number[]): Value => ({ ints: list });
export const text = (s: string): Value => ({ s });
export const dense = (t: TensorProto): Value => ({ t });

/** A node of a hand-made model; tensors among the inputs become initializers, '' leaves an input out. */
export interface Step {
  readonly op: string;
  readonly inputs: readonly (string | TensorProto)[];
  readonly attributes: Readonly<Record<string, Value>>;
  readonly outputs: readonly string[];
  readonly domain?: string;
  readonly name?: string;
}

/** An operation on named values; by default the result is `y`. */
export const step = (
  op: string,
  inputs: readonly (string | TensorProto)[],
  attributes: Readonly<Record<string, Value>> = {},
  outputs: string | readonly string[] = 'y',
): Step => ({ op, inputs, attributes, outputs: typeof outputs === 'string' ? [outputs] : outputs });

const bytes = (data: { buffer: ArrayBufferLike }) => new Uint8Array(data.buffer as ArrayBuffer);

/** Given floats, or seeded ones in [low, high). */
export const weights = (dims: readonly number[], low = -1, high = 1): TensorProto => ({
  dims: [...dims],
  dataType: dataTypes.float32,
  rawData: bytes(drawTensor(dims, low, high).data.slice()),
});
export const floatTensor = (dims: readonly number[], values: readonly number[]): TensorProto => ({
  dims: [...dims],
  dataType: dataTypes.float32,
  floatData: [...values],
});
export const scalar = (value: number): TensorProto => floatTensor([], [value]);
/** A vector of int64, as shapes and axes are. */
export const indices = (...values: number[]): TensorProto => ({
  dims: [values.length],
  dataType: dataTypes.int64,
  rawData: bytes(BigInt64Array.from(values, BigInt)),
});
export const index = (value: number): TensorProto => ({ ...indices(value), dims: [] });

/** A model by hand: one input `x`, one output `y` unless said otherwise. */
export interface Sketch {
  readonly steps: readonly Step[];
  /** Of the input; a word is an open dimension. */
  readonly shape: readonly (number | string)[];
  readonly opset?: number;
  readonly outputs?: readonly string[];
  readonly extraInputs?: readonly string[];
  readonly elemType?: number;
}

function attributeOf(name: string, { s, ...value }: Value): AttributeProto {
  const kind = s === undefined ? (Object.keys(value)[0] as keyof typeof attributeTypes) : 's';
  return { name, type: attributeTypes[kind], ...value, ...(s === undefined ? {} : { s: new TextEncoder().encode(s) }) };
}

/** The bytes of a hand-made model. */
export function build({
  steps,
  shape,
  opset = 13,
  outputs = ['y'],
  extraInputs = [],
  elemType = 1,
}: Sketch): Uint8Array {
  const initializer: TensorProto[] = [];
  const nameOf = (input: string | TensorProto): string => {
    if (typeof input === 'string') return input;
    initializer.push({ ...input, name: `constant${initializer.length}` });
    return `constant${initializer.length - 1}`;
  };
  const node = steps.map(({ op, inputs, attributes, outputs: output, domain, name }): NodeProto => ({
    opType: op,
    input: inputs.map(nameOf),
    output: [...output],
    attribute: Object.entries(attributes).map(([key, value]) => attributeOf(key, value)),
    domain,
    name,
  }));
  const dim = shape.map((d) => (typeof d === 'number' ? { dimValue: d } : { dimParam: d }));
  return encodeModel({
    irVersion: opset > 18 ? 10 : 8,
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: 'sketch',
      node,
      initializer,
      input: ['x', ...extraInputs].map((name) => ({ name, type: { tensorType: { elemType, shape: { dim } } } })),
      output: outputs.map((name) => ({ name, type: { tensorType: { elemType: 1 } } })),
    },
  });
}
