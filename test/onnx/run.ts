import * as ort from 'onnxruntime-node';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { input, substitute, type Node } from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { tensor, sizeOf, type Tensor } from '../../src/numeric/tensor.ts';

/** A seeded tensor of numbers in [low, high). */
export function drawTensor(shape: readonly number[], low = -2, high = 2): Tensor {
  const rng = createRng(7, shape.join());
  return tensor(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => low + (high - low) * rng.uniform()),
  );
}

/** What ONNX Runtime makes of the bytes of a file with one input: its first output. */
export async function runFile(bytes: Uint8Array, picture: Tensor): Promise<Tensor> {
  // Without optimisation, so that nothing is fused that the import might fuse in the same wrong way.
  const session = await ort.InferenceSession.create(bytes, { graphOptimizationLevel: 'disabled', logSeverityLevel: 3 });
  const result = await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', picture.data, picture.shape) });
  const { dims, data } = result[session.outputNames[0]];
  await session.release();
  return { shape: dims, data: Float32Array.from(data as Float32Array) };
}

/** The value of a graph node that depends on one input. */
export async function runNode(node: Node, source: Node, picture: Tensor): Promise<Tensor> {
  const fed = input('fed', source.shape);
  const engine = createOnnxRuntimeEngine({ threads: 2 });
  const [y] = substitute([node], new Map([[source, fed]]));
  const results = await engine.compile({ y }).run({ fed: picture });
  await engine.release();
  return results.y;
}

/** The largest difference of two tensors of one shape, relative to the largest value of the second. */
export function relativeDifference(got: Tensor, expected: Tensor): number {
  let [difference, largest] = [0, 0];
  expected.data.forEach((v, i) => {
    difference = Math.max(difference, Math.abs(v - got.data[i]));
    largest = Math.max(largest, Math.abs(v));
  });
  return got.data.length === expected.data.length && !Number.isNaN(difference)
    ? difference / Math.max(largest, 1e-3)
    : Infinity;
}
