import { join } from 'node:path';
import { z } from 'zod';
import { defineDataset } from './dataset.ts';
import { fit } from './geometry.ts';
import { classFolders } from './imagenet/class-folders.ts';
import { readSample } from './read-sample.ts';
import { inWindow, windowOptions } from './window.ts';

const options = z.strictObject({
  /** Folder that holds the split. */
  path: z.string(),
  /** Folder of the class folders `n01440764`, ... */
  split: z.string().default('val'),
  fit: fit.default('crop'),
  ...windowOptions,
});

/** ImageNet's pictures in a folder for each class; labels are those of the usual models. */
export const imagenet = defineDataset({
  name: 'imagenet',
  title: 'ImageNet-1k in a folder for each class; takes one picture of each class in turn',
  options,
  async open({ path, split, fit, ...window }, { size, resolve }) {
    const folder = join(resolve(path), split);
    const filed = await classFolders(folder, {
      what: `pictures of ImageNet-1k (ILSVRC 2012), split "${split}"`,
      source: 'https://image-net.org/download.php, free for research after registration',
      size: 'val 50,000 pictures, 6.3 GB; train 1.28 million, 138 GB',
      layout: `${join(path, split)}/<synset>/*.JPEG, one folder for each class, as in ${split}/n01440764`,
    });
    const sources = inWindow(filed, window, folder).map(({ synset, stem, file, label }) => ({
      id: `${synset}/${stem}`,
      image: file,
      label,
    }));
    return {
      name: 'imagenet',
      provides: ['label'] as const,
      ids: sources.map(({ id }) => id),
      load: (index: number) => readSample(sources[index], size, fit),
    };
  },
});
