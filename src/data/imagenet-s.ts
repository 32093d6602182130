import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../numeric/errors.ts';
import { defineDataset } from './dataset.ts';
import { exists } from './exists.ts';
import { fit, type Size } from './geometry.ts';
import { readImage } from './image.ts';
import { classFolders } from './imagenet/class-folders.ts';
import { segmentedSynsets } from './imagenet/classes.ts';
import { missing, type Origin } from './missing.ts';
import { readSample, type Source } from './read-sample.ts';
import { inWindow, windowOptions } from './window.ts';

const options = z.strictObject({
  /** Folder that holds ImageNetS50, ImageNetS300 or ImageNetS919. */
  path: z.string(),
  /** Number of classes. */
  variant: z.literal([50, 300, 919]).default(50),
  split: z.enum(['validation', 'train-semi']).default('validation'),
  fit: fit.default('crop'),
  ...windowOptions,
});

/** The pixels of one class of a published mask, which holds the class's id as R + 256 G; `other` (0) and `ignore` (1000) are left out. */
async function readClassMask(file: string, id: number): Promise<{ mask: Uint8Array; size: Size }> {
  const { data, shape } = await readImage(file);
  const area = shape[1] * shape[2];
  const byte = (i: number) => Math.round(data[i] * 255);
  const mask = Uint8Array.from({ length: area }, (_, p) => (byte(p) + 256 * byte(area + p) === id ? 1 : 0));
  return { mask, size: [shape[1], shape[2]] };
}

const validation = {
  50: '752 pictures, about 0.1 GB',
  300: '4,097 pictures, about 0.5 GB',
  919: '12,419 pictures, about 1.6 GB',
};

const originOf = (path: string, variant: 50 | 300 | 919, split: string): Origin => ({
  what: `ImageNet-S with ${variant} classes, split "${split}": pictures of ImageNet and masks`,
  source: 'https://github.com/LUSSeg/ImageNet-S, whose data_preparation.sh makes it out of a copy of ImageNet-1k',
  size: split === 'validation' ? validation[variant] : `10 pictures for each of the ${variant} classes`,
  layout: `${path}/ImageNetS${variant}/${split}/<synset>/*.JPEG and ${split}-segmentation/<synset>/*.png`,
});

/** ImageNet-S (arXiv:2106.03149) in its published layout: the mask is that of the class in whose folder the picture lies. */
export const imagenetS = defineDataset({
  name: 'imagenet-s',
  title: 'ImageNet-S: ImageNet-1k pictures with masks; takes one picture of each class in turn',
  options,
  async open({ path, variant, split, fit, ...window }, { size, resolve }) {
    const folder = join(resolve(path), `ImageNetS${variant}`);
    const origin = originOf(path, variant, split);
    const filed = await classFolders(join(folder, split), origin);
    const masks = join(folder, `${split}-segmentation`);
    if (!(await exists(masks))) throw missing(masks, origin);
    const classes = segmentedSynsets(variant);
    const stranger = filed.find(({ synset }) => !classes.includes(synset));
    if (stranger) throw new UserError(`${stranger.file}: its class is not part of ImageNet-S with ${variant} classes`);
    const sources = inWindow(filed, window, folder).map((picture): Source => {
      const { synset, stem, file, label } = picture;
      const id = classes.indexOf(synset) + 1;
      const mask = { file: join(masks, synset, `${stem}.png`), read: (png: string) => readClassMask(png, id) };
      return { id: `${synset}/${stem}`, image: file, label, mask };
    });
    return {
      name: 'imagenet-s',
      provides: ['label', 'mask'] as const,
      ids: sources.map(({ id }) => id),
      load: (index: number) => readSample(sources[index], size, fit),
    };
  },
});
