import { axisOf } from '../../../graph/index.ts';
import { sizeOf } from '../../../numeric/tensor.ts';
import { has, intAttr, known, type Importer } from '../call.ts';
import { Unsupported } from '../unsupported.ts';
import { numbers } from '../value.ts';

/** Weights kept as integers: (x - zero point) * scale, per tensor or per entry of one axis. */
const dequantizeLinear: Importer = (call) => {
  const x = known(call, 0, 'an operand');
  const scales = known(call, 1, 'a scale');
  if (scales.shape.length > 1)
    throw new Unsupported('has blocks of scales; one scale, or one for each channel, is read');
  const [values, scale] = [numbers(x), numbers(scales)];
  const zero = has(call, 2) ? numbers(known(call, 2, 'a zero point')) : [];
  const perTensor = scale.length === 1;
  const axis = perTensor ? 0 : axisOf(intAttr(call, 'axis', 1), x.shape.length);
  const inner = perTensor ? values.length : sizeOf(x.shape.slice(axis + 1));
  const data = new Float32Array(values.length);
  for (let i = 0; i < data.length; i++) {
    const c = Math.floor(i / inner) % scale.length;
    data[i] = (values[i] - (zero[c] ?? 0)) * scale[c];
  }
  return { shape: x.shape, dtype: 'float32', data };
};

export const quantise: Record<string, Importer> = { DequantizeLinear: dequantizeLinear };
