import { dataTypes, toNumber, type ValueInfoProto } from './proto.ts';
import { decodeFile } from './read.ts';

/** An input or output of a file: sizes that it leaves open have the name that it gives them, or `?`. */
export interface OutlinedValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  /** Element type, such as float32. */
  readonly type: string;
}

/** What a file says of itself, before anything in it is read. */
export interface Outline {
  /** The program that wrote it, with its version. */
  readonly producer: string;
  readonly opset: number;
  /** Weights left out. */
  readonly inputs: readonly OutlinedValue[];
  readonly outputs: readonly OutlinedValue[];
  /** How often each operator occurs, the most frequent first; those of other domains with the domain before the name. */
  readonly operators: readonly (readonly [operator: string, times: number])[];
}

const typeNames = new Map(Object.entries(dataTypes).map(([name, id]) => [id as number, name]));

function outlined({ name, type }: ValueInfoProto): OutlinedValue {
  const { elemType = 0, shape } = type?.tensorType ?? {};
  const dims = (shape?.dim ?? []).map(({ dimValue, dimParam }) => toNumber(dimValue ?? 0) || dimParam || '?');
  return { name, shape: dims, type: typeNames.get(elemType) ?? `element type ${elemType}` };
}

/** Outlines the bytes of an ONNX file. Throws UserError for bytes that are none. */
export function outline(bytes: Uint8Array, file: string): Outline {
  const { graph, opsetImport, producerName, producerVersion } = decodeFile(bytes, file);
  const weights = new Set((graph.initializer ?? []).map(({ name }) => name));
  const times = new Map<string, number>();
  for (const { domain, opType } of graph.node) {
    const name = domain && domain !== 'ai.onnx' ? `${domain}.${opType}` : opType;
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  return {
    producer: [producerName, producerVersion].filter(Boolean).join(' ') || 'unknown',
    opset: toNumber(opsetImport.find(({ domain }) => ['', 'ai.onnx'].includes(domain ?? ''))?.version ?? 1),
    inputs: graph.input.filter(({ name }) => !weights.has(name)).map(outlined),
    outputs: graph.output.map(outlined),
    operators: [...times].sort(([, a], [, b]) => b - a),
  };
}
