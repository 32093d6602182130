import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { isAbsolute, join, normalize, sep } from 'node:path';
import type { DType } from '../graph/index.ts';
import { UserError } from '../numeric/errors.ts';
import { sizeOf } from '../numeric/tensor.ts';
import { fromHalf } from './half.ts';
import { dataTypes, toNumber, type TensorProto } from './proto.ts';

/** A tensor of a file: floats of any width as float32, integers of any width under `int64`. */
export interface FileTensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: Float32Array | Int8Array | Uint8Array | Int32Array | number[];
}

/** Where tensors come from, for messages and for data kept outside the file. */
export interface TensorSource {
  /** Name of the model file in messages. */
  readonly file: string;
  /** Folder of external data; without it such tensors are refused. */
  readonly folder?: string;
  /** Sees the bytes of each tensor that lies outside the file. */
  readonly onExternal?: (bytes: Uint8Array) => void;
}

interface Format {
  readonly dtype: DType;
  readonly width: number;
  fromRaw(raw: Uint8Array): FileTensor['data'];
  /** The values of a tensor that keeps them in one of its typed fields. */
  fromField(proto: TensorProto): FileTensor['data'];
}

/** The bytes as a typed array, copied where they do not lie on a boundary of its elements. */
function typed<T>(
  make: { new (buffer: ArrayBuffer, offset: number, length: number): T; BYTES_PER_ELEMENT: number },
  raw: Uint8Array,
): T {
  const width = make.BYTES_PER_ELEMENT;
  const bytes = raw.byteOffset % width ? new Uint8Array(raw) : raw;
  return new make(bytes.buffer as ArrayBuffer, bytes.byteOffset, raw.byteLength / width);
}

const int32Field = (proto: TensorProto) => proto.int32Data ?? [];
const halves = (bits: ArrayLike<number>) => Float32Array.from(bits, fromHalf);

const formats: Record<keyof typeof dataTypes, Format> = {
  float32: {
    dtype: 'float32',
    width: 4,
    fromRaw: (raw) => typed(Float32Array, raw),
    fromField: (p) => Float32Array.from(p.floatData ?? []),
  },
  float64: {
    dtype: 'float32',
    width: 8,
    fromRaw: (raw) => Float32Array.from(typed(Float64Array, raw)),
    fromField: (p) => Float32Array.from(p.doubleData ?? []),
  },
  float16: {
    dtype: 'float32',
    width: 2,
    fromRaw: (raw) => halves(typed(Uint16Array, raw)),
    fromField: (p) => halves(int32Field(p)),
  },
  int64: {
    dtype: 'int64',
    width: 8,
    fromRaw: (raw) => Array.from(typed(BigInt64Array, raw), Number),
    fromField: (p) => (p.int64Data ?? []).map(toNumber),
  },
  int32: { dtype: 'int64', width: 4, fromRaw: (raw) => typed(Int32Array, raw), fromField: int32Field },
  int8: { dtype: 'int64', width: 1, fromRaw: (raw) => typed(Int8Array, raw), fromField: int32Field },
  uint8: { dtype: 'int64', width: 1, fromRaw: (raw) => raw, fromField: int32Field },
  bool: { dtype: 'bool', width: 1, fromRaw: (raw) => raw, fromField: int32Field },
};

const formatOf = new Map(
  Object.entries(dataTypes).map(([name, id]) => [id as number, formats[name as keyof typeof dataTypes]]),
);

/** The values of a tensor. Throws UserError for an unknown element type or for data that do not fill the shape. */
export function readTensor(proto: TensorProto, source: TensorSource): FileTensor {
  const what = `${source.file}: the tensor '${proto.name ?? ''}'`;
  const format = formatOf.get(proto.dataType ?? 0);
  if (!format) throw new UserError(`${what} has the element type ${proto.dataType}, which is not supported`);
  const shape = (proto.dims ?? []).map(toNumber);
  const size = sizeOf(shape);
  const raw = proto.dataLocation === 1 ? readExternal(proto, what, source) : proto.rawData;
  if (raw?.length && raw.length !== size * format.width)
    throw new UserError(
      `${what} should hold ${size * format.width} bytes but holds ${raw.length}: the file is damaged`,
    );
  const data = raw?.length ? format.fromRaw(raw) : format.fromField(proto);
  if (data.length !== size)
    throw new UserError(`${what} should hold ${size} values but holds ${data.length}: the file is damaged`);
  return { shape, dtype: format.dtype, data };
}

function readExternal(proto: TensorProto, what: string, { folder, onExternal }: TensorSource): Uint8Array {
  const entry = (key: string) => proto.externalData?.find((e) => e.key === key)?.value;
  const location = normalize(entry('location') ?? '');
  if (folder === undefined)
    throw new UserError(`${what} lies in the file '${location}' beside the model: load the model by its path`);
  if (isAbsolute(location) || location.split(sep)[0] === '..')
    throw new UserError(`${what} refers to '${location}' outside the model's folder, which is not allowed`);
  const path = join(folder, location);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined)
    throw new UserError(`${what} lies in '${path}', which does not exist: put the file beside the model`);
  const offset = Number(entry('offset') ?? 0);
  const bytes = new Uint8Array(Number(entry('length') ?? size - offset));
  const descriptor = openSync(path, 'r');
  try {
    const got = readSync(descriptor, bytes, 0, bytes.length, offset);
    if (got !== bytes.length)
      throw new UserError(`${what} should lie at byte ${offset} of '${path}', which ends before: the file is damaged`);
  } finally {
    closeSync(descriptor);
  }
  onExternal?.(bytes);
  return bytes;
}
