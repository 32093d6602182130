import { GraphError, named, type Node } from '../../graph/index.ts';
import { UserError } from '../../numeric/errors.ts';
import type { GraphProto, NodeProto } from '../proto.ts';
import { readTensor, type TensorSource } from '../tensor.ts';
import type { Call } from './call.ts';
import { uniqueNames } from './names.ts';
import type { PictureInput } from './picture-input.ts';
import { importers } from './table.ts';
import { Unsupported } from './unsupported.ts';
import { isNode, toNode, type Value } from './value.ts';

/** The nodes that the outputs depend on, in the file's order, which is topological. */
function needed(graph: GraphProto): NodeProto[] {
  const wanted = new Set(graph.output.map((o) => o.name));
  const found = graph.node.toReversed().filter((node) => {
    const use = node.output.some((o) => o !== '' && wanted.has(o));
    if (use) node.input.forEach((i) => wanted.add(i));
    return use;
  });
  return found.reverse();
}

const label = (node: NodeProto): string => node.name || node.output[0];

const isKnown = (node: NodeProto): boolean => ['', 'ai.onnx'].includes(node.domain ?? '') && importers.has(node.opType);

/** Gives a node that was made for an ONNX node its name; what passes a value through keeps the name it has. */
function nameValue(
  value: Value,
  inputs: readonly (Value | undefined)[],
  name: string,
  unique: (n: string) => string,
): Value {
  const anonymous = isNode(value) && value.name === undefined && value.op !== 'constant' && !inputs.includes(value);
  return anonymous ? named(value, unique(name)) : value;
}

/** Reads the graph of a file: its outputs by name. Throws UserError that lists everything that is not supported. */
export function importGraph(
  graph: GraphProto,
  opset: number,
  picture: PictureInput,
  source: TensorSource,
): Map<string, Node> {
  const values = new Map<string, Value>([[picture.name, picture.value]]);
  for (const tensor of graph.initializer ?? []) values.set(tensor.name ?? '', readTensor(tensor, source));
  const unique = uniqueNames();
  const refused: string[] = [];
  const missing = new Set<string>();

  for (const proto of needed(graph)) {
    const refuse = (reason: string) => {
      refused.push(`${proto.opType} '${label(proto)}'${reason && ` ${reason}`}`);
      proto.output.forEach((o) => missing.add(o));
    };
    if (!isKnown(proto)) {
      refuse(proto.domain && proto.domain !== 'ai.onnx' ? `of the domain ${proto.domain}` : '');
    } else if (proto.input.some((i) => missing.has(i))) {
      proto.output.forEach((o) => missing.add(o));
    } else {
      try {
        const made = importNode(proto, opset, values, picture.batch, source);
        made.outputs.forEach((v, i) =>
          values.set(proto.output[i], nameValue(v, made.inputs, i ? `${label(proto)}:${i}` : label(proto), unique)),
        );
      } catch (error) {
        if (!(error instanceof Unsupported || error instanceof GraphError || error instanceof RangeError)) throw error;
        refuse(error.message);
      }
    }
  }
  if (refused.length) throw new UserError(`${source.file}: not supported:\n${refused.map((r) => `  ${r}`).join('\n')}`);
  return new Map(graph.output.map(({ name }) => [name, toNode(valueOf(values, name, source))]));
}

function valueOf(values: ReadonlyMap<string, Value>, name: string, source: TensorSource): Value {
  const value = values.get(name);
  if (!value) throw new UserError(`${source.file}: nothing computes the value '${name}': the file is damaged`);
  return value;
}

function importNode(
  proto: NodeProto,
  opset: number,
  values: ReadonlyMap<string, Value>,
  batch: number | undefined,
  source: TensorSource,
): { inputs: readonly (Value | undefined)[]; outputs: readonly Value[] } {
  const inputs = proto.input.map((name) => (name === '' ? undefined : valueOf(values, name, source)));
  const call: Call = {
    op: proto.opType,
    opset,
    inputs,
    attributes: new Map((proto.attribute ?? []).map((a) => [a.name, a])),
    outputs: proto.output.length,
    batch,
    source,
  };
  const made = importers.get(proto.opType)!(call);
  return { inputs, outputs: Array.isArray(made) ? (made as readonly Value[]) : [made as Value] };
}
