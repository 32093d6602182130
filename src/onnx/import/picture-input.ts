import { input, transpose, type Dim, type Node } from '../../graph/index.ts';
import { UserError } from '../../numeric/errors.ts';
import { dataTypes, toNumber, type GraphProto, type ValueInfoProto } from '../proto.ts';

/** The picture that a file wants. */
export interface PictureInput {
  /** The input node, `[N,C,H,W]`. */
  readonly node: Node;
  /** The file's name of its input, and what that is in terms of `node`: transposed where the file keeps channels last. */
  readonly name: string;
  readonly value: Node;
  /** The batch size that the file was made for; undefined where it leaves it open. */
  readonly batch: number | undefined;
}

const floats: readonly number[] = [dataTypes.float32, dataTypes.float16, dataTypes.float64];

const dims = (info: ValueInfoProto): (number | undefined)[] =>
  (info.type?.tensorType?.shape?.dim ?? []).map((d) => {
    const size = toNumber(d.dimValue ?? 0);
    return size > 0 ? size : undefined;
  });

const describe = (info: ValueInfoProto) =>
  `'${info.name}' [${dims(info)
    .map((d) => d ?? '?')
    .join(',')}]`;

/** The file's one picture input; `size` stands in where the file leaves height and width open. Throws UserError for any other kind of input or size. */
export function pictureInput(graph: GraphProto, file: string, size?: readonly [number, number]): PictureInput {
  const weights = new Set((graph.initializer ?? []).map((t) => t.name));
  const inputs = graph.input.filter((i) => !weights.has(i.name));
  if (inputs.length !== 1)
    throw new UserError(
      `${file}: needs exactly one input, a picture [n,c,h,w], but has ${inputs.length}${inputs.length ? `: ${inputs.map(describe).join(', ')}` : ''}`,
    );
  const [info] = inputs;
  const shape = dims(info);
  if (shape.length !== 4 || !floats.includes(info.type?.tensorType?.elemType ?? 0))
    throw new UserError(`${file}: the input ${describe(info)} is not a picture [n,c,h,w] of floats`);
  const last = isColour(shape[3]) && !isColour(shape[1]);
  const [batch, channels, ...spatial] = last ? [shape[0], shape[3], shape[1], shape[2]] : shape;
  const [height, width] = [0, 1].map((i) => spatial[i] ?? size?.[i]);
  if (channels === undefined)
    throw new UserError(
      `${file}: the input ${describe(info)} leaves the number of channels open: export it with a fixed one`,
    );
  if (height === undefined || width === undefined)
    throw new UserError(
      `${file}: the input ${describe(info)} leaves the picture's size open: give the size [height, width] to load it with`,
    );
  if (size && (size[0] !== height || size[1] !== width))
    throw new UserError(
      `${file}: the input ${describe(info)} wants pictures of ${height}x${width} and not ${size.join('x')}: leave the size out`,
    );
  const node = input('input', ['N', channels, height, width] satisfies Dim[]);
  return { node, name: info.name, value: last ? transpose(node, [0, 2, 3, 1]) : node, batch };
}

const isColour = (channels: number | undefined): boolean => channels === 1 || channels === 3;
