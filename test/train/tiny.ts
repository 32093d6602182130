import { named, reshape, tanh } from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { tensor, type Tensor } from '../../src/numeric/tensor.ts';
import type { Architecture } from '../../src/train/architecture.ts';
import { momentum } from '../../src/train/momentum.ts';
import type { StepSettings } from '../../src/train/step.ts';
import type { TrainingSet } from '../../src/train/training-set.ts';

/** Two convolutions, one of them strided, and a linear layer; smooth, so that differences tell its derivatives. */
export const tiny: Architecture = {
  name: 'tiny',
  title: 'net for tests',
  logits(pixels, layers, classes) {
    const first = tanh(layers.convNorm('conv1', pixels, 4, 3));
    const second = named(tanh(layers.convNorm('conv2', first, 5, 3, 2)), 'act2');
    const [n, c, h, w] = second.shape as [number, number, number, number];
    return layers.dense('fc', reshape(second, [n, c * h * w]), classes);
  },
};

export const tinySettings: StepSettings = { batch: 4, classes: 3, size: 6, weightDecay: 0.01, optimiser: momentum };

const random = (shape: readonly number[], key: string): Tensor => {
  const rng = createRng(1, key);
  return tensor(
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
  );
};

/** A batch for a step of the tiny net. */
export const tinyBatch = (): Record<'pixels' | 'labels' | 'rate', Tensor> => ({
  pixels: random([4, 3, 6, 6], 'pixels'),
  labels: tensor([4, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0]),
  rate: tensor([], [0.1]),
});

/** Two classes of 8x8 pictures: noise that is rather red, and noise that is rather blue. */
export function tinySet(count: number): TrainingSet {
  const rng = createRng(2, 'set');
  const pixels = new Uint8Array(count * 3 * 64);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  for (let i = 0; i < pixels.length; i++) {
    const [picture, channel] = [Math.floor(i / 192), Math.floor(i / 64) % 3];
    pixels[i] = 80 + rng.integer(96) + (channel === 2 * (picture % 2) ? 60 : 0);
  }
  return { count, size: 8, classes: ['red', 'blue'], pixels, labels };
}

/** The feeds of a step in float64, for the reference interpreter. */
export const wide = (feeds: Readonly<Record<string, Tensor>>) =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data) }]),
  );
