import type { Shape } from './shape.ts';

type None = Record<never, never>;
/** Two numbers for the two axes of a picture: height first. */
export type Pair = readonly [number, number];
/** Padding in pixels: top, left, bottom, right. */
export type Pads = readonly [number, number, number, number];

/** How a convolution moves over a picture. */
export interface ConvAttrs {
  readonly strides: Pair;
  readonly pads: Pads;
  readonly dilations: Pair;
  readonly groups: number;
}

/** How the windows of a pool lie on a picture. */
export interface PoolAttrs {
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly pads: Pads;
  /** Round the output size up: a last window may hang over the border. */
  readonly ceil: boolean;
}

/** Attributes of average pooling. */
export interface AvgPoolAttrs extends PoolAttrs {
  /** Divide by the window's size (true) or by the number of its pixels inside the picture (false). */
  readonly countPadding: boolean;
}

/** The elements of a constant, row by row. */
export type ConstantData = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Each op's attributes. Tensors are NCHW; see `build.ts` for what each op computes. */
export interface OpAttrs {
  input: { readonly name: string; readonly shape: Shape; readonly dtype: DType };
  constant: { readonly data: ConstantData; readonly shape: readonly number[]; readonly dtype: DType };

  neg: None;
  abs: None;
  sign: None;
  exp: None;
  log: None;
  sqrt: None;
  erf: None;
  tanh: None;
  sigmoid: None;
  relu: None;
  silu: None;
  hardSwish: None;
  mish: None;
  leakyRelu: { readonly alpha: number };
  elu: { readonly alpha: number };
  gelu: { readonly approximate: 'none' | 'tanh' };
  softplus: None;
  clip: { readonly min: number; readonly max: number };
  not: None;
  cast: { readonly to: DType };

  add: None;
  sub: None;
  mul: None;
  div: None;
  pow: None;
  minimum: None;
  maximum: None;
  greater: None;
  greaterEqual: None;
  equal: None;
  and: None;
  where: None;

  conv: ConvAttrs;
  convInput: ConvAttrs & { readonly size: Pair };
  convWeight: ConvAttrs & { readonly kernel: Pair };
  dense: None;
  matmul: None;

  maxPool: PoolAttrs;
  maxPoolIndices: PoolAttrs;
  poolGather: None;
  poolScatter: { readonly size: Pair };
  avgPool: AvgPoolAttrs;
  avgPoolInput: AvgPoolAttrs & { readonly size: Pair };

  reduceSum: { readonly axes: readonly number[]; readonly keepDims: boolean };
  reduceMean: { readonly axes: readonly number[]; readonly keepDims: boolean };
  reduceMax: { readonly axes: readonly number[]; readonly keepDims: boolean };
  softmax: { readonly axis: number };
  logSoftmax: { readonly axis: number };

  reshape: { readonly shape: Shape };
  transpose: { readonly perm: readonly number[] };
  expand: { readonly shape: Shape };
  slice: { readonly axis: number; readonly start: number; readonly end: number; readonly step: number };
  pad: { readonly before: readonly number[]; readonly after: readonly number[]; readonly value: number };
  concat: { readonly axis: number };
  gather: { readonly axis: number };
  scatterAdd: { readonly axis: number; readonly size: number };

  sumOver: { readonly params: readonly Node[]; readonly body: Node; readonly sequences: number };
}

/** Name of an operation. */
export type OpName = keyof OpAttrs;

/** Type of the elements of a tensor. */
export type DType = 'float32' | 'int64' | 'bool';

/** What is known of a tensor before it is computed. */
export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** One value of a graph: an operation, what it is applied to, and the type of its result. Never changed once made. */
export interface NodeOf<K extends OpName> extends TensorType {
  readonly op: K;
  readonly inputs: readonly Node[];
  readonly attrs: OpAttrs[K];
  /** The layer's name, where it has one. */
  readonly name?: string;
}

/** Any node; `node.op` tells which attributes it has. */
export type Node = { [K in OpName]: NodeOf<K> }[OpName];
