import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../numeric/errors.ts';
import { defineDataset, SampleError } from './dataset.ts';
import { exists } from './exists.ts';
import { fit } from './geometry.ts';
import { attempt } from './image.ts';
import { readSample, type Source } from './read-sample.ts';
import { readAnnotation, type VocObject } from './voc/annotation.ts';
import { readSegmentation } from './voc/segmentation.ts';

const options = z.strictObject({
  /** Folder that holds JPEGImages, Annotations and ImageSets, such as VOC2007. */
  path: z.string(),
  /** Name of a list in ImageSets/Main. */
  set: z.string().default('test'),
  /** Keep the pictures with an object of this name, and take the box of the first such object. */
  class: z.string().optional(),
  /** The model's class index of these pictures; unlabelled without it. */
  label: z.int().nonnegative().optional(),
  fit: fit.default('crop'),
  start: z.int().nonnegative().default(0),
  limit: z.int().positive().optional(),
});

/** Ids of an image set. Lists of one class (`dog_test`) flag each picture; those flagged -1 do not show it. */
async function readSet(folder: string, set: string): Promise<string[]> {
  const file = join(folder, 'ImageSets', 'Main', `${set}.txt`);
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UserError(
      `${file}: no such image set; set "path" to a folder in PASCAL VOC layout and "set" to one of its lists`,
    );
  });
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/));
  return rows.filter(([id, flag]) => id !== '' && flag !== '-1').map(([id]) => id);
}

/** The first object of a picture, or the first of a name; the error when the annotation cannot be read. */
async function firstObject(file: string, name: string | undefined): Promise<VocObject | SampleError | undefined> {
  try {
    const objects = await attempt(file, async () => readAnnotation(await readFile(file, 'utf8')));
    return objects.find((object) => name === undefined || object.name === name);
  } catch (error) {
    if (error instanceof SampleError) return error;
    throw error;
  }
}

/** The pictures of an image set, each with what its annotation says; a broken annotation is kept to be reported on loading. */
async function readSources(folder: string, set: string, name: string | undefined, label: number | undefined) {
  const sources: (Source | SampleError)[] = [];
  const ids: string[] = [];
  for (const id of await readSet(folder, set)) {
    const object = await firstObject(join(folder, 'Annotations', `${id}.xml`), name);
    if (!object && name !== undefined) continue;
    ids.push(id);
    if (object instanceof SampleError) {
      sources.push(object);
      continue;
    }
    const file = join(folder, 'SegmentationClass', `${id}.png`);
    const masked = object && (await exists(file));
    sources.push({
      id,
      image: join(folder, 'JPEGImages', `${id}.jpg`),
      label,
      box: object?.box,
      mask: masked ? { file, read: (path) => readSegmentation(path, object.name) } : undefined,
    });
  }
  return { sources, ids };
}

/** A PASCAL VOC image set: a box a picture, and a mask where SegmentationClass has one. */
export const voc = defineDataset({
  name: 'voc',
  title: 'An image set in PASCAL VOC layout, with boxes',
  options,
  async open({ path, set, class: name, label, fit, start, limit }, { size, resolve }) {
    const all = await readSources(resolve(path), set, name, label);
    if (all.ids.length === 0)
      throw new UserError(
        `${resolve(path)}: no picture of set "${set}"${name === undefined ? '' : ` shows a "${name}"`}`,
      );
    const window = [start, limit === undefined ? undefined : start + limit] as const;
    const sources = all.sources.slice(...window);
    const readable = sources.filter((source): source is Source => !(source instanceof SampleError));
    return {
      name: 'voc',
      provides: (['label', 'mask', 'box'] as const).filter((part) => readable.every((s) => s[part] !== undefined)),
      ids: all.ids.slice(...window),
      async load(index) {
        const source = sources[index];
        if (source instanceof SampleError) throw source;
        return readSample(source, size, fit);
      },
    };
  },
});
