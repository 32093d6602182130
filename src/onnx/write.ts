import { GraphError, inputsOf, topological, type Node, type NodeOf, type OpName } from '../graph/index.ts';
import {
  attributeTypes,
  dataTypes,
  encodeModel,
  type GraphProto,
  type ModelProto,
  type ValueInfoProto,
} from './proto.ts';
import { Emitter, type Runtime } from './write/context.ts';
import { elementwise } from './write/elementwise.ts';
import { linear } from './write/linear.ts';
import type { Lowering, Lowerings } from './write/lowering.ts';
import { needed } from './write/needed.ts';
import { pool } from './write/pool.ts';
import { structure } from './write/structure.ts';

export type { Runtime };
export { winogradPays } from './write/winograd.ts';

/** Weights of this many bytes and more lie beside the file, and once for all loops. */
const large = 2 ** 20;

const lowerings: Lowerings = { ...elementwise, ...linear, ...pool, ...structure, sumOver: lowerSumOver };

/**
 * Weights of a size that matters and are not those of a convolution: these are prepared ahead only where they are constants of the same graph, so
 * a loop's body has its own.
 */
const isDenseWeight = ({ attrs: { data, shape } }: NodeOf<'constant'>): boolean =>
  shape.length !== 4 && 4 * data.length >= large;

function emitNodes(outputs: readonly Node[], e: Emitter, halves = false): void {
  for (const node of topological(outputs)) {
    if (node.op === 'constant') {
      const home = e.runtime.outerWeights && isDenseWeight(node) ? e.root : e;
      home.constant(node, halves && node.dtype === 'float32' && node.shape.length > 1);
      continue;
    }
    if (e.find(node) !== undefined) continue;
    const lower = lowerings[node.op] as Lowering<OpName> | undefined;
    if (!lower) throw new GraphError(`${node.op} cannot be written as ONNX`);
    const before = e.nodes.length;
    const value = lower(
      node as NodeOf<OpName> as never,
      node.inputs.map((i) => e.get(i)),
      e,
    );
    e.set(node, value);
    if (node.name !== undefined) e.label(value, node.name, before);
  }
}

/** A Scan whose only state is the running sum; the shared values are those of the graph around it. */
function lowerSumOver(
  { inputs, attrs: { params, body, sequences }, shape }: NodeOf<'sumOver'>,
  values: readonly string[],
  e: Emitter,
): string {
  e.prepareBatch();
  const zero = e.emit('Expand', [e.initializer(Float32Array.of(0), []), e.shape(shape)]);
  const inner = new Emitter(e);
  const entries = params.slice(0, sequences).map((p) => {
    const name = inner.fresh('entry');
    inner.set(p, name);
    return valueInfo(name, p);
  });
  params.slice(sequences).forEach((p, i) => inner.set(p, values[sequences + i]));
  const state = inner.fresh('sum');
  emitNodes([body], inner);
  const next = inner.emit('Add', [state, inner.get(body)]);
  const graph: GraphProto = {
    name: 'term',
    ...needed([next], inner),
    input: [valueInfo(state, body), ...entries],
    output: [valueInfo(next, body)],
  };
  const step = { name: 'body', type: attributeTypes.g, g: graph };
  return e.emit('Scan', [zero, ...values.slice(0, inputs.length ? sequences : 0)], {
    body: step,
    num_scan_inputs: sequences,
  });
}

function valueInfo(name: string, { shape, dtype }: Node): ValueInfoProto {
  const dim = shape.map((d) => (typeof d === 'number' ? { dimValue: d } : { dimParam: d }));
  return { name, type: { tensorType: { elemType: dataTypes[dtype], shape: { dim } } } };
}

interface WriteOptions {
  /** Rounds weights of two axes or more to float16, in which the file then holds them; all is computed in float32 still. */
  readonly halves?: boolean;
  /** What the runtime lacks is said in other ops. */
  readonly runtime?: Runtime;
}

/**
 * Named outputs of a graph as an ONNX model (opset 20); inputs and outputs are float32, batch sizes symbolic. The ONNX node that
 * makes the value of a named layer bears the layer's name.
 */
function modelOf(outputs: Readonly<Record<string, Node>>, { halves = false, runtime }: WriteOptions) {
  const e = new Emitter(undefined, runtime);
  const nodes = Object.values(outputs);
  const inputs: ValueInfoProto[] = [];
  for (const node of inputsOf(nodes)) {
    const { name } = node.attrs;
    inputs.push(valueInfo(name, { ...node, dtype: 'float32' }));
    const axis = node.shape.indexOf('N');
    if (axis >= 0) e.batchFrom(name, axis);
    e.set(node, node.dtype === 'float32' ? name : e.emit('Cast', [name], { to: dataTypes[node.dtype] }));
  }
  emitNodes(nodes, e, halves);
  const results = Object.entries(outputs).map(([name, node]) => {
    const value = e.get(node);
    if (node.dtype === 'float32') e.nodes.push({ opType: 'Identity', input: [value], output: [name] });
    else
      e.nodes.push({
        opType: 'Cast',
        input: [value],
        output: [name],
        attribute: [{ name: 'to', type: attributeTypes.i, i: dataTypes.float32 }],
      });
    return valueInfo(name, { ...node, dtype: 'float32' });
  });
  const model: ModelProto = {
    irVersion: 9,
    producerName: 'xai-gauntlet',
    opsetImport: [{ domain: '', version: 20 }],
    graph: { name: 'graph', ...needed(Object.keys(outputs), e), input: inputs, output: results },
  };
  return { model, madeAhead: e.madeAhead.bytes };
}

/** A graph as an ONNX file. Throws GraphError where two inputs share a name or an op has no counterpart. */
export const writeModel = (outputs: Readonly<Record<string, Node>>, options: WriteOptions = {}): Uint8Array =>
  encodeModel(modelOf(outputs, options).model);

/** A graph as a runtime loads it. */
export interface WrittenProgram {
  readonly file: Uint8Array;
  /** Large weights, which the file only names: not to be copied into it. */
  readonly weights: readonly { readonly path: string; readonly data: Uint8Array }[];
  /** Bytes that a runtime then holds: weights, and what it makes of them ahead. */
  readonly memory: number;
}

/** A graph for a runtime that takes weights apart from the file. Throws as `writeModel` does. */
export function writeProgram(outputs: Readonly<Record<string, Node>>, options: WriteOptions = {}): WrittenProgram {
  const { model, madeAhead } = modelOf(outputs, options);
  const weights: { path: string; data: Uint8Array }[] = [];
  const initializer = model.graph.initializer!.map(({ rawData, ...tensor }) => {
    if (!rawData || rawData.byteLength < large) return { ...tensor, rawData };
    const path = `weights/${weights.length}`;
    weights.push({ path, data: rawData });
    const place = { location: path, offset: '0', length: String(rawData.byteLength) };
    return { ...tensor, dataLocation: 1, externalData: Object.entries(place).map(([key, value]) => ({ key, value })) };
  });
  const file = encodeModel({ ...model, graph: { ...model.graph, initializer } });
  const apart = weights.reduce((sum, { data }) => sum + data.byteLength, 0);
  return { file, weights, memory: file.byteLength + apart + madeAhead };
}
