import { unzipSync, zipSync } from 'fflate';
import { UserError } from './errors.ts';
import { sizeOf } from './tensor.ts';

const types = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
  b1: Uint8Array,
} as const;

type ItemType = keyof typeof types;

/** Values of one type; 64-bit integers are bigints and booleans are 0 or 1. */
export type NpyData = InstanceType<(typeof types)[ItemType]>;

/** An array as NumPy stores it, row-major; `data.length` is the product of `shape`. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: NpyData;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const align = 64;

function fail(name: string, cause: string): never {
  throw new UserError(`${name}: ${cause}; save it again with numpy.save or numpy.savez`);
}

/** Reads the header: what follows it, its item type, order and shape. */
function readHeader(bytes: Uint8Array, name: string) {
  if (!magic.every((byte, i) => bytes[i] === byte)) fail(name, 'is not an .npy array');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6] >= 2;
  if (bytes.length < (wide ? 12 : 10)) fail(name, 'ends within its header');
  const start = wide ? 12 : 10;
  const end = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder().decode(bytes.subarray(start, end));
  const descr = /'descr':\s*'([<>|=]?)([a-z]\d+)'/.exec(header);
  const fortran = /'fortran_order':\s*(True|False)/.exec(header);
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header);
  if (!descr || !fortran || !shape) return fail(name, `has a header that is not understood (${header.trim()})`);
  const item = descr[2];
  if (!(item in types)) fail(name, `holds items of type ${item}, which are not numbers`);
  return {
    end,
    item: item as ItemType,
    swapped: descr[1] === '>',
    fortran: fortran[1] === 'True',
    shape: shape[1]
      .split(',')
      .filter((d) => d.trim() !== '')
      .map(Number),
  };
}

/** Copies column-major values into row-major order. */
function toRowMajor(data: NpyData, shape: readonly number[]): NpyData {
  const out = data.slice();
  const index = shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    let at = 0;
    for (let axis = 0; axis < shape.length; axis++) at = at * shape[axis] + index[axis];
    out[at] = data[i];
    for (let axis = 0; axis < shape.length && ++index[axis] === shape[axis]; axis++) index[axis] = 0;
  }
  return out;
}

/** Reads an `.npy` file of any numeric type, byte order and memory order. `name` says in errors (`UserError`) which it is. */
export function readNpy(bytes: Uint8Array, name = 'array'): NpyArray {
  const { end, item, swapped, fortran, shape } = readHeader(bytes, name);
  const Type = types[item];
  const size = sizeOf(shape) * Type.BYTES_PER_ELEMENT;
  if (bytes.length < end + size) fail(name, `holds ${bytes.length - end} bytes of data where its shape needs ${size}`);
  // A Node Buffer's own `slice` shares its memory, which may not be aligned.
  const body = Uint8Array.prototype.slice.call(bytes, end, end + size);
  if (swapped)
    for (let i = 0; i < size; i += Type.BYTES_PER_ELEMENT) body.subarray(i, i + Type.BYTES_PER_ELEMENT).reverse();
  const data = new Type(body.buffer);
  return { shape, data: fortran && shape.length > 1 ? toRowMajor(data, shape) : data };
}

function itemOf(data: NpyData): ItemType {
  const found = (Object.keys(types) as ItemType[]).find((item) => data instanceof types[item]);
  return found!;
}

/** Writes an array as an `.npy` file (version 1.0, row-major). Throws RangeError when data and shape disagree. */
export function writeNpy({ shape, data }: NpyArray): Uint8Array {
  if (sizeOf(shape) !== data.length)
    throw new RangeError(`an array of shape [${shape.join(',')}] needs ${sizeOf(shape)} values, got ${data.length}`);
  const item = itemOf(data);
  const order = data.BYTES_PER_ELEMENT === 1 ? '|' : '<';
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const fields = `{'descr': '${order}${item}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((10 + fields.length + 1) / align) * align;
  const out = new Uint8Array(length + data.byteLength);
  out.set([...magic, 1, 0, (length - 10) & 255, (length - 10) >> 8]);
  out.set(new TextEncoder().encode(`${fields.padEnd(length - 11)}\n`), 10);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), length);
  return out;
}

/** Reads an `.npz` archive: its arrays by name. `name` says in errors (`UserError`) which archive it is. */
export function readNpz(bytes: Uint8Array, name = 'archive'): Record<string, NpyArray> {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes);
  } catch (error) {
    return fail(name, `is not an .npz archive (${(error as Error).message})`);
  }
  return Object.fromEntries(
    Object.entries(files).map(([file, content]) => [file.replace(/\.npy$/, ''), readNpy(content, `${name}: ${file}`)]),
  );
}

/** Writes arrays as an `.npz` archive, uncompressed as `numpy.savez` does; the same arrays give the same bytes, whenever they are written. */
export function writeNpz(arrays: Readonly<Record<string, NpyArray>>): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, writeNpy(array)] as const);
  // Compression saves maps a tenth of their bytes. The time is the earliest local one that the format can hold.
  return zipSync(Object.fromEntries(files), { level: 0, mtime: new Date(1980, 0, 1) });
}
