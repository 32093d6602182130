import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import type { Sample } from './dataset.ts';

/** Bytes of 32-bit values in little-endian order. */
function littleEndian(values: Float32Array | Float64Array): Buffer {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  if (endianness() === 'LE') return bytes;
  return values.BYTES_PER_ELEMENT === 4 ? Buffer.from(bytes).swap32() : Buffer.from(bytes).swap64();
}

/**
 * Completes a sample with its hash: hex SHA-256 over the image's shape and float32 values, the label, the mask and the box, each
 * under its own tag, so that an absent part differs from any present one.
 */
export function makeSample(parts: Omit<Sample, 'hash'>): Sample {
  const { image, label, mask, box } = parts;
  const digest = createHash('sha256')
    .update(`image ${image.shape.join('x')}\n`)
    .update(littleEndian(image.data));
  if (label !== undefined) digest.update(`label ${label}\n`);
  if (mask) digest.update(`mask ${mask.length}\n`).update(mask);
  if (box) digest.update(`box ${box.x0} ${box.y0} ${box.x1} ${box.y1}\n`);
  return { ...parts, hash: digest.digest('hex') };
}
