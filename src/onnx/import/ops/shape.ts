import * as g from '../../../graph/index.ts';
import { product, type Dim, type DType } from '../../../graph/index.ts';
import { sizeOf } from '../../../numeric/tensor.ts';
import { dataTypes, toNumber } from '../../proto.ts';
import { readTensor } from '../../tensor.ts';
import { intAttr, known, value, type Call, type Importer } from '../call.ts';
import { mapped } from '../static.ts';
import { Unsupported } from '../unsupported.ts';
import { checkedSize, isStatic, numbers, toNode, vector, type Static, type Value } from '../value.ts';

const constant: Importer = (call) => {
  const a = call.attributes;
  const floats = a.get('value_floats')?.floats;
  const ints = a.get('value_ints')?.ints;
  const tensor = a.get('value')?.t;
  if (tensor) return readTensor(tensor, call.source);
  if (a.has('value_float')) return { shape: [], dtype: 'float32', data: Float32Array.of(a.get('value_float')!.f ?? 0) };
  if (a.has('value_int')) return { shape: [], dtype: 'int64', data: [intAttr(call, 'value_int', 0)] };
  if (floats) return { shape: [floats.length], dtype: 'float32', data: Float32Array.from(floats) };
  if (ints) return vector(ints.map(toNumber));
  throw new Unsupported('holds neither numbers nor a dense tensor');
};

const shape: Importer = (call) => {
  const dims = value(call, 0).shape;
  return vector(dims.slice(intAttr(call, 'start', 0), intAttr(call, 'end', dims.length)));
};

const constantOfShape: Importer = (call): Value => {
  const dims = Array.from(known(call, 0, 'a shape').data);
  const proto = call.attributes.get('value')?.t;
  const fill: Static = proto
    ? readTensor(proto, call.source)
    : { shape: [1], dtype: 'float32', data: Float32Array.of(0) };
  if (dims.every((d) => typeof d === 'number')) {
    const values = new Array<Dim>(checkedSize(sizeOf(dims))).fill(fill.data[0]);
    return {
      shape: dims,
      dtype: fill.dtype,
      data: fill.dtype === 'float32' ? Float32Array.from(values, Number) : values,
    };
  }
  return g.expand(toNode({ ...fill, shape: [] }), dims);
};

const range: Importer = (call) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => numbers(known(call, i, 'a bound'))[0]);
  const count = Math.max(Math.ceil((limit - start) / delta), 0);
  const { dtype } = known(call, 0, 'a bound');
  return { shape: [count], dtype, data: Array.from({ length: checkedSize(count) }, (_, i) => start + i * delta) };
};

const kinds = new Map<number, DType>([
  [dataTypes.float32, 'float32'],
  [dataTypes.float16, 'float32'],
  [dataTypes.float64, 'float32'],
  [dataTypes.bool, 'bool'],
  [dataTypes.int64, 'int64'],
  [dataTypes.int32, 'int64'],
  [dataTypes.int8, 'int64'],
  [dataTypes.uint8, 'int64'],
]);

const cast: Importer = (call) => {
  const to = intAttr(call, 'to', dataTypes.float32);
  const dtype = kinds.get(to);
  if (!dtype) throw new Unsupported(`casts to the element type ${to}`);
  const x = value(call, 0);
  if (!isStatic(x)) return g.cast(x, dtype);
  if (dtype === x.dtype) return x;
  return mapped(x, (v) => (typeof v === 'number' ? converted(v, dtype) : v), dtype);
};

const converted = (v: number, to: DType): number =>
  to === 'bool' ? Number(v !== 0) : to === 'int64' ? Math.trunc(v) : v;

const same = (call: Call): Value => value(call, 0);

export const shapes: Record<string, Importer> = {
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Shape: shape,
  Size: (call) => ({ shape: [], dtype: 'int64', data: [product(value(call, 0).shape)] }),
  Range: range,
  Cast: cast,
  Identity: same,
  Dropout: same,
};
