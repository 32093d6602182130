import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SampleError } from '../../src/data/dataset.ts';
import { imageFolder } from '../../src/data/image-folder.ts';
import { encodePng } from './encode-png.ts';
import { UserError } from '../../src/numeric/errors.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { openDataset, temporaryFolder } from './open.ts';
import { sharedData, testOn } from './shared-data.ts';

/** Three 8x8 pictures, the left half white; a mask that fits the first and one of another size. */
async function smallFolder(labels?: string): Promise<string> {
  const folder = await temporaryFolder();
  const left = (size: number) => Float32Array.from({ length: size * size }, (_, p) => (p % size < size / 2 ? 1 : 0));
  const picture = tensor([3, 8, 8], [...left(8), ...left(8), ...left(8)]);
  await mkdir(join(folder, 'masks'));
  for (const name of ['b.png', 'a.png', 'c.png']) await writeFile(join(folder, name), await encodePng(picture));
  await writeFile(join(folder, 'masks', 'fits.png'), await encodePng(tensor([1, 8, 8], left(8))));
  await writeFile(join(folder, 'masks', 'small.png'), await encodePng(tensor([1, 4, 4], left(4))));
  if (labels !== undefined) await writeFile(join(folder, 'labels.csv'), labels);
  return folder;
}

const size = [8, 8] as const;

describe('image-folder', () => {
  test('lists all pictures by name where there is no labels.csv', async () => {
    const dataset = await openDataset(imageFolder, { path: await smallFolder() }, size);
    expect(dataset).toMatchObject({ ids: ['a.png', 'b.png', 'c.png'], provides: [], classes: undefined });
    const sample = await dataset.load(0);
    expect(sample.image.shape).toEqual([3, 8, 8]);
    expect(sample.label).toBeUndefined();
  });

  test('takes order, labels, masks and boxes from labels.csv', async () => {
    const path = await smallFolder(
      'file,label,name,mask,x0,y0,x1,y1\nb.png,2,"cat, grey",masks/fits.png,0,0,4,8\na.png,0,dog,masks/fits.png,0,0,4,8\nb.png,0,dog,masks/fits.png,1,1,2,2\n',
    );
    const dataset = await openDataset(imageFolder, { path }, size);
    expect(dataset.ids).toEqual(['b.png', 'a.png', 'b.png#2']);
    expect(dataset.classes).toEqual(['dog', '1', 'cat, grey']);
    expect(dataset.provides).toEqual(['label', 'mask', 'box']);
    const first = await dataset.load(0);
    expect(first).toMatchObject({ label: 2, box: { x0: 0, y0: 0, x1: 4, y1: 8 } });
    expect(Array.from(first.mask!)).toEqual(Array.from(first.image.data.subarray(0, 64)));
    const hashes = await Promise.all([0, 1, 2].map(async (i) => (await dataset.load(i)).hash));
    expect(new Set(hashes).size).toBe(3);
    expect((await dataset.load(0)).hash).toBe(first.hash);
  });

  test('keeps a window of the list and reads class names', async () => {
    const path = await smallFolder('file,label\na.png,0\nb.png,1\nc.png,1\n');
    await writeFile(join(path, 'names.csv'), 'label,synset,name\n0,n0,dog\n1,n1,cat\n');
    const dataset = await openDataset(imageFolder, { path: '.', classes: 'names.csv', start: 1, limit: 1 }, size, path);
    expect(dataset).toMatchObject({ ids: ['b.png'], classes: ['dog', 'cat'], provides: ['label'] });
  });

  test('promises a mask only when every sample has one', async () => {
    const path = await smallFolder('file,label,mask\na.png,0,masks/fits.png\nb.png,1,\n');
    const dataset = await openDataset(imageFolder, { path }, size);
    expect(dataset.provides).toEqual(['label']);
    expect((await dataset.load(0)).mask).toBeDefined();
    expect((await dataset.load(1)).mask).toBeUndefined();
  });

  test.each([
    ['a missing column', 'file,name\na.png,dog\n', /labels\.csv, line 1: no column "label" \(found: file, name\)/],
    ['a bad label', 'file,label\na.png,0\nb.png,cat\n', /labels\.csv, line 3: label "cat" is not a whole number/],
    ['an empty label', 'file,label\na.png,\n', /line 2: label "" is not/],
    ['an empty file', 'file,label\n,3\n', /line 2: the file is empty/],
    ['half a box', 'file,label,x0\na.png,0,1\n', /line 1: no column "y0"/],
    ['an empty box', 'file,label,x0,y0,x1,y1\na.png,0,4,0,4,8\n', /line 2: box 4,0,4,8 is empty/],
    ['a short row', 'file,label\na.png,0\nb.png\n', /labels\.csv: .*line 3/],
  ])('rejects %s, naming the line', async (_, labels, message) => {
    const path = await smallFolder(labels);
    const error: unknown = await openDataset(imageFolder, { path }, size).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(message);
  });

  test('rejects folders and files that are not there', async () => {
    const path = await smallFolder('file,label\na.png,0\n');
    const open = (options: object) => openDataset(imageFolder, { path, ...options }, size);
    await expect(open({ path: join(path, 'none') })).rejects.toThrow(/none: no such folder/);
    await expect(open({ labels: 'other.csv' })).rejects.toThrow(/other\.csv: cannot be read \(ENOENT\)/);
    await expect(open({ path: await temporaryFolder() })).rejects.toThrow(/neither a labels\.csv nor/);
  });

  test('reports a sample whose picture or mask cannot be used, and goes on', async () => {
    const path = await smallFolder(
      'file,label,mask\nabsent.png,0,\na.png,0,masks/none.png\na.png,0,masks/small.png\na.png,0,masks/fits.png\n',
    );
    const dataset = await openDataset(imageFolder, { path }, size);
    await expect(dataset.load(0)).rejects.toThrow(SampleError);
    await expect(dataset.load(1)).rejects.toThrow(/none\.png: /);
    await expect(dataset.load(2)).rejects.toThrow(/small\.png: the mask is 4x4 pixels and its picture 8x8/);
    expect((await dataset.load(3)).mask).toHaveLength(64);
    const exact = await openDataset(imageFolder, { path, fit: 'exact' }, [4, 4]);
    await expect(exact.load(3)).rejects.toThrow(/a\.png: is 8x8 pixels, not 4x4/);
  });

  test('moves picture, mask and box alike', async () => {
    const path = await smallFolder('file,label,mask,x0,y0,x1,y1\na.png,0,masks/fits.png,0,0,4,8\n');
    for (const fit of ['crop', 'squash']) {
      const sample = await (await openDataset(imageFolder, { path, fit }, [14, 28])).load(0);
      const white = Uint8Array.from(sample.image.data.subarray(0, 14 * 28), (v) => (v > 0.5 ? 1 : 0));
      expect(sample.mask).toEqual(white);
      expect(sample.box).toEqual({ x0: 0, y0: 0, x1: 14, y1: 14 });
    }
  });

  testOn('coco-masks', 'reads photographs with masks', async (path) => {
    const dataset = await openDataset(imageFolder, { path, limit: 5 }, [224, 224]);
    expect(dataset.provides).toEqual(['label', 'mask', 'box']);
    expect(dataset.classes![948]).toBe('Granny Smith');
    const sample = await dataset.load(0);
    expect(sample).toMatchObject({ label: 895, box: { x0: 0, y0: 0, x1: 224, y1: 221 } });
    expect(sample.mask!.reduce((a, b) => a + b, 0) / 224 ** 2).toBeCloseTo(0.4457, 4);
  });

  testOn('imagenet-samples', 'reads photographs with a labels file elsewhere', async (path) => {
    const options = {
      path: join(path, 'images'),
      labels: '../labels.csv',
      classes: join(sharedData, 'imagenet-classes.csv'),
    };
    const dataset = await openDataset(imageFolder, options, [224, 224]);
    expect(dataset.ids).toHaveLength(100);
    expect(dataset.classes).toHaveLength(1000);
    const sample = await dataset.load(1);
    expect(dataset.classes![sample.label!]).toBe('hen');
    expect(sample.image.shape).toEqual([3, 224, 224]);
  });
});
