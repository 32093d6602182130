import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../numeric/errors.ts';
import { defineDataset, SampleError } from './dataset.ts';
import { exists } from './exists.ts';
import { fit } from './geometry.ts';
import { attempt } from './image.ts';
import { missing } from './missing.ts';
import { readSample, type Source } from './read-sample.ts';
import { readAnnotation, type VocObject } from './voc/annotation.ts';
import { readClass, readObject } from './voc/segmentation.ts';
import { inWindow, windowOptions } from './window.ts';

const options = z.strictObject({
  /** Folder that holds JPEGImages, Annotations and ImageSets, such as VOC2007. */
  path: z.string(),
  /** Folder of ImageSets that holds the list; every picture of those in Segmentation has a mask. */
  task: z.enum(['Main', 'Segmentation']).default('Main'),
  /** Name of the list. */
  set: z.string().default('test'),
  /** Keep the pictures with an object of this name, and take the box of the first such object. */
  class: z.string().optional(),
  /** Whether the mask holds all pixels of the class or those of the object whose box is taken. */
  mask: z.enum(['class', 'object']).default('class'),
  /** The model's class index of these pictures; unlabelled without it. */
  label: z.int().nonnegative().optional(),
  fit: fit.default('crop'),
  ...windowOptions,
});

const origin = {
  what: 'pictures in PASCAL VOC layout',
  source: 'http://host.robots.ox.ac.uk/pascal/VOC, such as VOCtrainval_11-May-2012.tar',
  size: 'VOC2012 trainval 2 GB; VOC2007 trainval and test 0.45 GB each',
  layout: '"path" is the folder with JPEGImages, Annotations, ImageSets, SegmentationClass and SegmentationObject',
};

/** Ids of an image set. Lists of one class (`dog_test`) flag each picture; those flagged -1 do not show it. */
async function readSet(folder: string, task: string, set: string): Promise<string[]> {
  if (!(await exists(folder))) throw missing(folder, origin);
  const file = join(folder, 'ImageSets', task, `${set}.txt`);
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UserError(
      `${file}: no such image set; set "path" to a folder in PASCAL VOC layout and "set" to one of its lists`,
    );
  });
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/));
  return rows.filter(([id, flag]) => id !== '' && flag !== '-1').map(([id]) => id);
}

interface Chosen extends VocObject {
  /** Its place in the annotation, from 1. */
  readonly number: number;
}

/** The first object of a picture, or the first of a name; the error when the annotation cannot be read. */
async function firstObject(file: string, name: string | undefined): Promise<Chosen | SampleError | undefined> {
  try {
    const objects = await attempt(file, async () => readAnnotation(await readFile(file, 'utf8')));
    const i = objects.findIndex((object) => name === undefined || object.name === name);
    return i < 0 ? undefined : { ...objects[i], number: i + 1 };
  } catch (error) {
    if (error instanceof SampleError) return error;
    throw error;
  }
}

/** The mask of an object, where there is one. */
async function maskOf(folder: string, id: string, { name, number }: Chosen, kind: 'class' | 'object') {
  const file = join(folder, kind === 'class' ? 'SegmentationClass' : 'SegmentationObject', `${id}.png`);
  if (!(await exists(file))) return undefined;
  return { file, read: (path: string) => (kind === 'class' ? readClass(path, name) : readObject(path, number)) };
}

/** The pictures of an image set, each with what its annotation says; a broken annotation is kept to be reported on loading. */
async function readSources(folder: string, { task, set, class: name, mask, label }: z.infer<typeof options>) {
  const sources: (Source | SampleError)[] = [];
  const ids: string[] = [];
  for (const id of await readSet(folder, task, set)) {
    const object = await firstObject(join(folder, 'Annotations', `${id}.xml`), name);
    if (!object && name !== undefined) continue;
    ids.push(id);
    sources.push(
      object instanceof SampleError
        ? object
        : {
            id,
            image: join(folder, 'JPEGImages', `${id}.jpg`),
            label,
            box: object?.box,
            mask: object && (await maskOf(folder, id, object, mask)),
          },
    );
  }
  return { sources, ids };
}

/** A PASCAL VOC image set: a box a picture, and a mask where SegmentationClass has one. */
export const voc = defineDataset({
  name: 'voc',
  title: 'An image set in PASCAL VOC layout, with boxes and masks',
  options,
  async open(wanted, { size, resolve }) {
    const { path, set, class: name, fit } = wanted;
    const all = await readSources(resolve(path), wanted);
    if (all.ids.length === 0)
      throw new UserError(
        `${resolve(path)}: no picture of set "${set}"${name === undefined ? '' : ` shows a "${name}"`}`,
      );
    const sources = inWindow(all.sources, wanted, resolve(path));
    const readable = sources.filter((source): source is Source => !(source instanceof SampleError));
    return {
      name: 'voc',
      provides: (['label', 'mask', 'box'] as const).filter((part) => readable.every((s) => s[part] !== undefined)),
      ids: inWindow(all.ids, wanted, resolve(path)),
      async load(index) {
        const source = sources[index];
        if (source instanceof SampleError) throw source;
        return readSample(source, size, fit);
      },
    };
  },
});
