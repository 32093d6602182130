import { Undefined } from '../src/numeric/errors.ts';
import { bytes } from './multigrid/bytes.ts';

/** A picture's size, and how far from the exact solution imputed colours may be, roughly, in pixel units of [0,1]. */
interface Settings {
  readonly height: number;
  readonly width: number;
  readonly tolerance?: number;
}

/** What `multigrid/kernel/index.ts` exports. */
interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  reserve(height: number, width: number): number;
  solve(enough: number): number;
}

// Node.js has it, but its types come with those of browsers only.
declare const WebAssembly: {
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object) => { exports: Kernel };
};

let kernel: Kernel | undefined;

/**
 * Replaces `pixels` (indices, each once) of a picture `[3,height,width]` by ROAD's linear imputation without its noise: a missing pixel is the mean of its
 * eight neighbours inside the picture, known or missing, those beside it weighing 1/6, those across 1/12. The sparse system is one for all channels; it is
 * solved in float32, and as well as that can where `tolerance` asks for more. Returns how many multigrid cycles it took. Throws `Undefined` where all
 * pixels are missing. Source: Rong et al. 2022, section 4.
 */
export function impute(
  picture: Float32Array,
  pixels: Uint32Array,
  { height, width, tolerance = 1e-3 }: Settings,
): number {
  const size = height * width;
  if (pixels.length === size) throw new Undefined('no pixel is left from which the missing ones could be imputed');
  kernel ??= new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(bytes, 'base64'))).exports;
  const at = kernel.reserve(height, width);
  const planes = new Float32Array(kernel.memory.buffer, at, 3 * size);
  const missing = new Uint8Array(kernel.memory.buffer, at + planes.byteLength, size);
  planes.set(picture);
  missing.fill(0);
  for (let k = 0; k < pixels.length; k++) missing[pixels[k]] = 1;
  // What the last sweep changes is some half of what is missing.
  const cycles = kernel.solve(tolerance / 2);
  picture.set(planes);
  return cycles;
}
