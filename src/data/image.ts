import { tensor, type Tensor } from '../numeric/tensor.ts';
import { SampleError } from './dataset.ts';
import type { Size } from './geometry.ts';
import { whyUnreadable } from './unreadable.ts';

/** Loaded at the first picture: listing and planning need none. */
const decoder = async () => (await import('sharp')).default;

const firstLine = (error: unknown) => String(error instanceof Error ? error.message : error).split('\n')[0];

/** Runs one step on a file; what it throws becomes a `SampleError` of one line that names the file. */
export async function attempt<T>(file: string, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof SampleError) throw error;
    throw new SampleError(`${file}: ${firstLine(error)}`);
  }
}

// Profiles and orientation tags are ignored and transparency is dropped, as in the usual pipelines on Pillow: pixels are taken
// as they are stored, and boxes refer to them. A truncated file is an error and not a half grey picture.
const open = async (file: string) => (await decoder())(file, { failOn: 'error', ignoreIcc: true });

/** Interleaved bytes of a decoded file, channels last. Throws `SampleError` that says what the file seems to be where it cannot be decoded. */
async function decode(file: string, colours: 'srgb' | 'b-w') {
  const opened = await open(file);
  const { data, info } = await opened
    .removeAlpha()
    .toColourspace(colours)
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(async (error: unknown) => {
      throw new SampleError(`${file}: ${await whyUnreadable(file, firstLine(error))}`);
    });
  return { data, channels: info.channels, size: [info.height, info.width] as Size };
}

/**
 * Reads a JPEG, PNG or WebP file as `[3,H,W]`, RGB, values in [0,1] (whole 255ths). Grey pictures get three equal channels;
 * an alpha channel is dropped. Throws `SampleError` for a file that is absent or broken.
 */
export async function readImage(file: string): Promise<Tensor> {
  const { data, channels, size } = await decode(file, 'srgb');
  const area = size[0] * size[1];
  const image = tensor([3, ...size]);
  for (let p = 0; p < area; p++) for (let c = 0; c < 3; c++) image.data[c * area + p] = data[p * channels + c] / 255;
  return image;
}

/** Reads a mask file as `H*W` values: 1 where it is brighter than mid-grey. Throws `SampleError` as `readImage` does. */
export async function readMask(file: string): Promise<{ mask: Uint8Array; size: Size }> {
  const { data, channels, size } = await decode(file, 'b-w');
  return { mask: Uint8Array.from({ length: size[0] * size[1] }, (_, p) => (data[p * channels] > 127 ? 1 : 0)), size };
}
