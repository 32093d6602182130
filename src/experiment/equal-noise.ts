import type { Rng } from '../numeric/random.ts';
import type { Tensor } from '../numeric/tensor.ts';

const distance = (a: Float32Array, b: Float32Array) => Math.sqrt(a.reduce((s, v, i) => s + (v - b[i]) ** 2, 0));

/**
 * A picture with normal noise, clipped to [0,1], whose change has a given Euclidean norm after that. A norm that clipping does
 * not allow is missed.
 */
export function equalNoise(image: Tensor, l2: number, rng: Rng): Tensor {
  const noise = image.data.map(() => rng.normal());
  const noisy = (scale: number) => image.data.map((v, i) => Math.min(Math.max(v + scale * noise[i], 0), 1));
  let scale = l2 / Math.sqrt(image.data.length);
  // Clipping shortens the change smoothly, so correcting by the ratio converges.
  for (let i = 0; i < 8; i++) scale *= l2 / Math.max(distance(noisy(scale), image.data), 1e-12);
  return { shape: image.shape, data: noisy(scale) };
}
