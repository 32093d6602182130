import type { Node } from '../graph/index.ts';
import { UserError } from '../numeric/errors.ts';
import { foreignKind } from '../numeric/file-kind.ts';
import { importGraph } from './import/graph.ts';
import { pictureInput } from './import/picture-input.ts';
import { decodeModel, toNumber, type ModelProto } from './proto.ts';
import type { TensorSource } from './tensor.ts';

/** A file as a graph. */
export interface ReadModel {
  /** The picture, `[N,C,H,W]`: the one input node. */
  readonly input: Node;
  /** The file's outputs by name, in its order. */
  readonly outputs: ReadonlyMap<string, Node>;
}

export interface ReadOptions extends TensorSource {
  /** Height and width of the picture, for files that leave them open. */
  readonly size?: readonly [number, number];
}

const oldest = 7;
const newest = 22;

/**
 * Reads the bytes of an ONNX file. The batch axis becomes the symbolic N, whatever the file says; weights of any width become
 * float32; whatever does not depend on the picture is computed at once.
 * Throws UserError for bytes that are no ONNX model, for opsets outside 7 to 22, for other inputs than one picture, and for
 * operators that are not supported, listing them all.
 */
export function readOnnx(bytes: Uint8Array, options: ReadOptions): ReadModel {
  const { graph, opsetImport } = decodeFile(bytes, options.file);
  const opset = toNumber(opsetImport.find((o) => ['', 'ai.onnx'].includes(o.domain ?? ''))?.version ?? 1);
  if (opset < oldest || opset > newest)
    throw new UserError(
      `${options.file}: has opset ${opset}; opsets ${oldest} to ${newest} are read: export the model with one of them`,
    );
  const picture = pictureInput(graph, options.file, options.size);
  return { input: picture.node, outputs: importGraph(graph, opset, picture, options) };
}

/** The parts of an ONNX file. Throws UserError for bytes that are none. */
export function decodeFile(bytes: Uint8Array, file: string): ModelProto {
  const foreign = foreignKind(Buffer.from(bytes.subarray(0, 512)).toString('latin1'));
  if (foreign) throw new UserError(`${file}: is ${foreign.what} and no ONNX model; ${foreign.advice}`);
  let model: ModelProto;
  try {
    model = decodeModel(bytes);
  } catch (error) {
    throw new UserError(
      `${file}: is no ONNX model, or is cut off (${(error as Error).message}); copy, download or export it again`,
      { cause: error },
    );
  }
  if (!model.graph?.node?.length || !model.graph.output?.length)
    throw new UserError(`${file}: is no ONNX model: it holds no graph`);
  return model;
}
