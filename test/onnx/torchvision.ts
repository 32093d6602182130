import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { dataTypes, decodeModel, encodeModel, toNumber, type TensorProto } from '../../src/onnx/proto.ts';
import { createRng } from '../../src/numeric/random.ts';
import { sizeOf } from '../../src/numeric/tensor.ts';

/** An exported torchvision model (test/fixtures/torchvision_export.py) with seeded random weights in the place of its own. */
export function torchvisionModel(name: string): Uint8Array {
  const file = new URL(`../fixtures/torchvision-${name}.onnx.gz`, import.meta.url);
  const model = decodeModel(gunzipSync(readFileSync(file)));
  for (const tensor of model.graph.initializer ?? [])
    if (tensor.dataType === dataTypes.float32 && !tensor.rawData?.length) tensor.rawData = bytesOf(drawn(tensor));
  return encodeModel(model);
}

const bytesOf = ({ buffer }: Float32Array): Uint8Array => new Uint8Array(buffer as ArrayBuffer);

/** Weights of variance 2/fan-in, so that activations keep their size; positive scales and variances. */
function drawn({ name = '', dims = [] }: TensorProto): Float32Array {
  const shape = dims.map(toNumber);
  const uniform = generator(createRng(1, name).integer(2 ** 31));
  const between = (low: number, high: number) => {
    const values = new Float32Array(sizeOf(shape));
    for (let i = 0; i < values.length; i++) values[i] = low + (high - low) * uniform();
    return values;
  };
  if (shape.length > 1) {
    const bound = Math.sqrt(6 / sizeOf(shape.slice(1)));
    return between(-bound, bound);
  }
  return name.endsWith('bias') || name.endsWith('mean') ? between(-0.2, 0.2) : between(0.5, 1.5);
}

/** A generator that is fast rather than good (mulberry32): it fills tens of millions of weights. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
