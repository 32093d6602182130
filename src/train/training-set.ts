import { scene, sceneClasses, sceneSize } from '../data/scenes.ts';

/** Pictures in memory, eight bits a value. */
export interface TrainingSet {
  readonly count: number;
  /** Height and width. */
  readonly size: number;
  readonly classes: readonly string[];
  /** `[count,3,size,size]` */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** Paints the first scenes of the split `train`. */
export function paintTrainingSet(count: number): TrainingSet {
  const values = 3 * sceneSize * sceneSize;
  const pixels = new Uint8Array(count * values);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const { image, label } = scene(0, 'train', i);
    for (let p = 0; p < values; p++) pixels[i * values + p] = Math.round(image.data[p] * 255);
    labels[i] = label;
  }
  return { count, size: sceneSize, classes: sceneClasses, pixels, labels };
}
