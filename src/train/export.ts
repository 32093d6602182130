import type { Tensors } from '../engine/engine.ts';
import { input } from '../graph/index.ts';
import { writeModel } from '../onnx/write.ts';
import type { Architecture } from './architecture.ts';
import { finishedLayers } from './finished-layers.ts';

/** A trained net as an ONNX file, weights in float16: preprocessed `pixels` `[N,3,size,size]` -> `logits` `[N,classes]`. */
export function exportNet(architecture: Architecture, state: Tensors, size: number, classes: number): Uint8Array {
  const pixels = input('pixels', ['N', 3, size, size]);
  return writeModel({ logits: architecture.logits(pixels, finishedLayers(state), classes) }, { halves: true });
}
