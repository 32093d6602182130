import type { Engine } from '../engine/engine.ts';
import type { Config } from './config.ts';

/** Graphics cards: a step on one picture of 224x224 leaves most of one idle, and sixteen of VGG-16's largest activations take 0.2 GB. */
const cards = { devices: ['cuda', 'webgpu', 'dml', 'node-gpu'], pictures: 16 };

/** How many samples are attacked together: what the config says; else sixteen on a graphics card, and on a processor one. */
export const attackBatchOf = (
  { attackBatch }: Pick<Config, 'attackBatch'>,
  { device }: Pick<Engine, 'device'>,
): number => attackBatch ?? (cards.devices.includes(device) ? cards.pictures : 1);

/** The samples of a dataset, by index, in batches of a size: consecutive ones, so that batches depend on the dataset and the size alone. */
export const inBatches = (samples: number, size: number): number[][] =>
  Array.from({ length: Math.ceil(samples / size) }, (_, k) =>
    Array.from({ length: Math.min(size, samples - k * size) }, (_, i) => k * size + i),
  );
