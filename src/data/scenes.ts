import { z } from 'zod';
import { defineDataset } from './dataset.ts';
import { geometry, moveBox, moveImage, moveMask } from './geometry.ts';
import { makeSample } from './sample.ts';
import { scene, sceneClasses, sceneSize } from './scenes/scene.ts';

export { scene, sceneClasses, sceneSize, type Scene } from './scenes/scene.ts';

const options = z.strictObject({
  /** Another seed gives other pictures of the same kind. */
  seed: z.int().default(0),
  split: z.enum(['train', 'test']).default('test'),
  count: z.int().positive().default(1000),
  /** Index of the first scene. */
  start: z.int().nonnegative().default(0),
});

/** Drawn pictures with exact masks and boxes, 64x64; other sizes are resampled from that. Needs no file. */
export const scenes = defineDataset({
  name: 'scenes',
  title: 'Drawn scenes of ten classes with exact masks, made from a seed',
  options,
  open({ seed, split, count, start }, { size }) {
    const move = geometry([sceneSize, sceneSize], size, 'squash');
    const ids = Array.from({ length: count }, (_, i) => `${split}-${seed}-${start + i}`);
    return Promise.resolve({
      name: 'scenes',
      classes: sceneClasses,
      provides: ['label', 'mask', 'box'] as const,
      ids,
      load(index: number) {
        const { image, mask, label, box } = scene(seed, split, start + index);
        return Promise.resolve(
          makeSample({
            id: ids[index],
            image: moveImage(image, move),
            label,
            mask: moveMask(mask, move),
            box: moveBox(box, move),
          }),
        );
      },
    });
  },
});
