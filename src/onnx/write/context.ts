import {
  batchFactor,
  GraphError,
  type ConstantData,
  type DType,
  type Node,
  type NodeOf,
  type Shape,
} from '../../graph/index.ts';
import { toHalf } from '../half.ts';
import { uniqueNames } from '../import/names.ts';
import { attributeTypes, dataTypes, type AttributeProto, type NodeProto, type TensorProto } from '../proto.ts';

/** An attribute value: whole numbers become ints unless wrapped by `float`. */
export type Attribute =
  number | string | readonly number[] | { readonly float: number } | { readonly tensor: TensorProto } | AttributeProto;

export const float = (value: number): Attribute => ({ float: value });

function attributeProto(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number') return { name, type: attributeTypes.i, i: value };
  if (typeof value === 'string') return { name, type: attributeTypes.s, s: new TextEncoder().encode(value) };
  if (Array.isArray(value)) return { name, type: attributeTypes.ints, ints: [...(value as number[])] };
  if ('float' in value) return { name, type: attributeTypes.f, f: value.float };
  if ('tensor' in value) return { name, type: attributeTypes.t, t: value.tensor };
  return { ...(value as AttributeProto), name };
}

const bytesOf = (a: ArrayBufferView): Uint8Array => new Uint8Array(a.buffer, a.byteOffset, a.byteLength);

/** A constant in ONNX's form; float64 data of float32 constants is rounded. */
function tensorProto(name: string, data: ConstantData, dims: readonly number[], dtype: DType): TensorProto {
  const raw =
    dtype === 'float32'
      ? bytesOf(data instanceof Float32Array ? data : Float32Array.from(data))
      : dtype === 'int64'
        ? bytesOf(BigInt64Array.from(data as Int32Array, (v) => BigInt(v)))
        : Uint8Array.from(data);
  return { name, dims: [...dims], dataType: dataTypes[dtype], rawData: raw };
}

/** A convolution of stride 1 without dilation or groups, as far as the choice of its algorithm goes. */
export interface PlainConvolution {
  readonly kernel: readonly [height: number, width: number];
  readonly channels: { readonly in: number; readonly out: number };
  /** Rows and columns of the result. */
  readonly size: readonly [height: number, width: number];
}

/** What a runtime can be trusted with, and what it is fast at. */
export interface Runtime {
  /** Its convolutions are right for any number of channels, and of groups. */
  readonly anyChannels: boolean;
  /** Which convolutions it computes faster by Winograd's algorithm; left out where none. */
  readonly winograd?: (convolution: PlainConvolution) => boolean;
  /** Matrix products in loops are as fast with weights of the graph around them as with their own. */
  readonly outerWeights?: boolean;
}

const complete: Runtime = { anyChannels: true };

/** Collects the ONNX nodes of one graph; a subgraph sees the values of the graph around it. */
export class Emitter {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  private readonly values = new Map<Node, string>();
  private readonly integers = new Map<string, string>();
  private readonly emitted = new Map<string, readonly string[]>();
  private readonly counter: { next: number };
  private readonly nodeName: (wanted: string) => string;
  private readonly outer?: Emitter;
  readonly runtime: Runtime;
  /** What a runtime makes of weights before the first run, and holds beside them. */
  readonly madeAhead: { bytes: number };

  constructor(outer?: Emitter, runtime = outer?.runtime ?? complete) {
    this.outer = outer;
    this.runtime = runtime;
    this.counter = outer ? outer.counter : { next: 0 };
    this.madeAhead = outer ? outer.madeAhead : { bytes: 0 };
    this.nodeName = outer ? outer.nodeName : uniqueNames();
  }

  /** The emitter of the graph that is around all others. */
  get root(): Emitter {
    return this.outer?.root ?? this;
  }

  fresh(hint: string): string {
    return `${hint}_${this.counter.next++}`;
  }

  /** Adds a node with one output and returns the output's name. */
  emit(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): string {
    return this.emitMany(opType, inputs, 1, attributes, domain)[0];
  }

  emitMany(
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): string[] {
    const name = this.fresh(opType);
    const output = Array.from({ length: outputs }, (_, i) => (i === 0 ? name : `${name}.${i}`));
    const attribute = Object.entries(attributes).map(([key, value]) => attributeProto(key, value));
    this.nodes.push({ opType, domain, name: this.nodeName(name), input: [...inputs], output, attribute });
    return output;
  }

  /** Names the node that makes a value, where it is the `from`-th or a later one. */
  label(value: string, name: string, from: number): void {
    const node = this.nodes.slice(from).find((n) => n.output.includes(value));
    if (node) node.name = this.nodeName(name);
  }

  /** The outputs of what is emitted once for a key, however often it is asked for. */
  once(key: string, emit: () => readonly string[]): readonly string[] {
    const known = this.emitted.get(key) ?? emit();
    this.emitted.set(key, known);
    return known;
  }

  set(node: Node, value: string): void {
    this.values.set(node, value);
  }

  /** Whether a node has a value in this graph itself. */
  has(node: Node): boolean {
    return this.values.has(node);
  }

  find(node: Node): string | undefined {
    return this.values.get(node) ?? this.outer?.find(node);
  }

  get(node: Node): string {
    const value = this.find(node);
    if (value === undefined) throw new GraphError(`input '${node.name ?? node.op}' is not bound in this graph`);
    return value;
  }

  initializer(data: ConstantData, dims: readonly number[], dtype: DType = 'float32'): string {
    const name = this.fresh('constant');
    this.initializers.push(tensorProto(name, data, dims, dtype));
    return name;
  }

  /** The value of a constant of the graph itself, which the file holds once, rounded to float16 where `half` is wanted. */
  constant(node: NodeOf<'constant'>, half = false): string {
    const { data, shape, dtype } = node.attrs;
    if (!this.has(node)) this.set(node, half ? this.half(data, shape) : this.initializer(data, shape, dtype));
    return this.get(node);
  }

  /** A float32 constant that the file holds rounded to float16. */
  private half(data: ConstantData, dims: readonly number[]): string {
    const name = this.fresh('constant');
    const rawData = bytesOf(Uint16Array.from(data, toHalf));
    this.initializers.push({ name, dims: [...dims], dataType: dataTypes.float16, rawData });
    return this.emit('Cast', [name], { to: dataTypes.float32 });
  }

  /** A one-dimensional int64 constant; equal ones are shared. */
  ints(values: readonly number[]): string {
    const key = values.join();
    const known = this.integers.get(key) ?? this.initializer(Int32Array.from(values), [values.length], 'int64');
    this.integers.set(key, known);
    return known;
  }

  /** A shape as an int64 value, computed from the batch size at run time where it must be. */
  shape(shape: Shape): string {
    if (shape.every((d) => typeof d === 'number')) return this.ints(shape);
    const batch = this.batchSize();
    const parts = shape.map((d) => {
      if (typeof d === 'number') return this.ints([d]);
      return batchFactor(d) === 1 ? batch : this.emit('Mul', [batch, this.ints([batchFactor(d)])]);
    });
    return this.emit('Concat', parts, { axis: 0 });
  }

  /** A target for Reshape: -1 stands for the one dimension that depends on the batch size. */
  reshapeTarget(shape: Shape): string {
    return this.ints(shape.map((d) => (typeof d === 'number' ? d : -1)));
  }

  reshape(value: string, shape: Shape): string {
    return this.emit('Reshape', [value, this.reshapeTarget(shape)]);
  }

  /** Declares where the batch size is to be read off. */
  batchFrom(value: string, axis: number): void {
    this.batchSource ??= { value, axis };
  }
  private batchSource?: { value: string; axis: number };
  private batchValue?: string;

  private batchSize(): string {
    if (this.outer) return this.outer.batchSize();
    if (this.batchValue === undefined) {
      if (!this.batchSource) throw new GraphError('a shape depends on the batch size, but no input has a batch axis');
      const { value, axis } = this.batchSource;
      this.batchValue = this.emit('Gather', [this.emit('Shape', [value]), this.ints([axis])], { axis: 0 });
    }
    return this.batchValue;
  }

  /** Makes the batch size known here, so that subgraphs can refer to it. */
  prepareBatch(): void {
    if (this.outer) this.outer.prepareBatch();
    else if (this.batchSource) this.batchSize();
  }
}
