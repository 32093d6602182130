import * as ort from 'onnxruntime-node';
import type { Tensor } from '../numeric/tensor.ts';

/** What ONNX Runtime itself makes of an ONNX file with one float32 input: the named output, or the first. */
export async function runFile(file: string, picture: Tensor, output?: string): Promise<Tensor> {
  const session = await ort.InferenceSession.create(file, { executionProviders: ['cpu'], logSeverityLevel: 3 });
  try {
    const feed = new ort.Tensor('float32', picture.data, picture.shape);
    const results = await session.run({ [session.inputNames[0]]: feed });
    const { dims, data } = results[output ?? session.outputNames[0]];
    return { shape: dims, data: Float32Array.from(data as Float32Array) };
  } finally {
    await session.release();
  }
}
