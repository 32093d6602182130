import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { SampleError } from '../../src/data/dataset.ts';
import { voc } from '../../src/data/voc.ts';
import { readAnnotation } from '../../src/data/voc/annotation.ts';
import { UserError } from '../../src/numeric/errors.ts';
import { openDataset, temporaryFolder } from './open.ts';
import { testOn } from './shared-data.ts';

const object = (name: string, [x0, y0, x1, y1]: number[], more = '') =>
  `<object>\n <name>${name}</name>${more}<bndbox><xmax>${x1}</xmax><xmin>${x0}</xmin><ymin>${y0}</ymin><ymax>${y1}</ymax></bndbox></object>`;
const annotation = (...objects: string[]) => `<?xml version="1.0"?><annotation>${objects.join('\n')}</annotation>\n`;

/** Four pictures of 20x10 pixels: a person then a dog; a dog; nothing; a broken annotation. */
async function smallTree(): Promise<string> {
  const root = await temporaryFolder();
  const folders = ['JPEGImages', 'Annotations', 'ImageSets/Main', 'ImageSets/Segmentation'];
  folders.push('SegmentationClass', 'SegmentationObject');
  await Promise.all(folders.map((folder) => mkdir(join(root, folder), { recursive: true })));
  const files: Record<string, string> = {
    'Annotations/01.xml': annotation(object('person', [1, 1, 4, 10]), object('dog', [11, 1, 20, 10])),
    'Annotations/02.xml': annotation(object('dog', [3, 2, 6, 5])),
    'Annotations/03.xml': annotation(),
    'Annotations/04.xml': '<annotation><object><name>dog</name>',
    'ImageSets/Main/test.txt': '01\n02\n03\n04\n',
    'ImageSets/Segmentation/val.txt': '01\n',
    'ImageSets/Main/dog_test.txt': '01  1\n02  0\n03 -1\n',
  };
  for (const [file, text] of Object.entries(files)) await writeFile(join(root, file), text);
  for (const id of ['01', '02', '03', '04'])
    await sharp({ create: { width: 20, height: 10, channels: 3, background: '#888' } }).toFile(
      join(root, 'JPEGImages', `${id}.jpg`),
    );
  // Left quarter person (palette 15), right half dog (12), an outline of void between them.
  const palette = { person: [192, 128, 128], dog: [64, 0, 128], void: [224, 224, 192], none: [0, 0, 0] };
  const pixels = Array.from({ length: 200 }, (_, p) => {
    const x = p % 20;
    return x < 4 ? palette.person : x === 4 ? palette.void : x < 10 ? palette.none : palette.dog;
  });
  await sharp(Buffer.from(pixels.flat()), { raw: { width: 20, height: 10, channels: 3 } })
    .png({ palette: true })
    .toFile(join(root, 'SegmentationClass', '01.png'));
  // The first object, palette 1, is the person; the second, palette 2, the dog; one more, palette 3, is another dog.
  const objects = Array.from({ length: 200 }, (_, p) => {
    const x = p % 20;
    return x < 4 ? [128, 0, 0] : x < 10 ? [0, 0, 0] : x < 16 ? [0, 128, 0] : [128, 128, 0];
  });
  await sharp(Buffer.from(objects.flat()), { raw: { width: 20, height: 10, channels: 3 } })
    .png({ palette: true })
    .toFile(join(root, 'SegmentationObject', '01.png'));
  return root;
}

const size = [10, 20] as const;

describe('voc', () => {
  test('takes the box of the first object, counted from 0', async () => {
    const dataset = await openDataset(voc, { path: await smallTree() }, size);
    expect(dataset.ids).toEqual(['01', '02', '03', '04']);
    expect((await dataset.load(0)).box).toEqual({ x0: 0, y0: 0, x1: 4, y1: 10 });
    expect((await dataset.load(1)).box).toEqual({ x0: 2, y0: 1, x1: 6, y1: 5 });
    expect((await dataset.load(2)).box).toBeUndefined();
    expect(dataset.provides).toEqual([]);
  });

  test('keeps the pictures of a class, with its box, mask and the given label', async () => {
    const path = await smallTree();
    const dataset = await openDataset(voc, { path, class: 'dog', label: 207, limit: 2 }, size);
    expect(dataset.ids).toEqual(['01', '02']);
    expect(dataset.provides).toEqual(['label', 'box']);
    const sample = await dataset.load(0);
    expect(sample).toMatchObject({ label: 207, box: { x0: 10, y0: 0, x1: 20, y1: 10 } });
    expect(Array.from(sample.mask!.subarray(0, 20))).toEqual([...Array(10).fill(0), ...Array(10).fill(1)]);
    const person = await (await openDataset(voc, { path, class: 'person' }, size)).load(0);
    expect(person.mask!.reduce((a, b) => a + b, 0)).toBe(40);
  });

  test('keeps the pixels of one object, by its place in the annotation', async () => {
    const options = { path: await smallTree(), task: 'Segmentation', set: 'val', class: 'dog', mask: 'object' };
    const dataset = await openDataset(voc, options, size);
    expect(dataset).toMatchObject({ ids: ['01'], provides: ['mask', 'box'] });
    const row = [...(await dataset.load(0)).mask!.subarray(0, 20)];
    expect(row).toEqual([...Array(10).fill(0), ...Array(6).fill(1), ...Array(4).fill(0)]);
  });

  test('says where the data set comes from when it is not there', async () => {
    await expect(openDataset(voc, { path: 'no/such' }, size)).rejects.toThrow(/VOC layout[^]*host\.robots[^]*2 GB/);
  });

  test('reads the lists of one class', async () => {
    const dataset = await openDataset(voc, { path: await smallTree(), set: 'dog_test', start: 1 }, size);
    expect(dataset.ids).toEqual(['02']);
  });

  test('reports a broken annotation when its sample is loaded', async () => {
    const dataset = await openDataset(voc, { path: await smallTree() }, size);
    await expect(dataset.load(3)).rejects.toThrow(SampleError);
    await expect(dataset.load(3)).rejects.toThrow(/04\.xml: no complete <annotation>/);
  });

  test('rejects sets and classes that are not there', async () => {
    const path = await smallTree();
    await expect(openDataset(voc, { path, set: 'val' }, size)).rejects.toThrow(UserError);
    await expect(openDataset(voc, { path, set: 'val' }, size)).rejects.toThrow(/val\.txt: no such image set/);
    await expect(openDataset(voc, { path, set: 'dog_test', class: 'cat' }, size)).rejects.toThrow(/shows a "cat"/);
  });

  testOn('dogs-voc/VOC2007', 'reads photographs of dogs', async (path) => {
    const dataset = await openDataset(voc, { path, class: 'dog', limit: 3 }, [224, 224]);
    expect(dataset).toMatchObject({ ids: ['000001', '000006', '000015'], provides: ['box'] });
    const { image, box } = await dataset.load(0);
    expect(image.shape).toEqual([3, 224, 224]);
    // 92,139,344,551 of 500x679, resized to 256x347, less the crop's offset of 16 and 62 pixels.
    expect(box).toEqual({ x0: 31, y0: 9, x1: 160, y1: 220 });
  });
});

describe('an annotation', () => {
  test('is read past comments, parts and entities', () => {
    const part = '<part><name>head</name><bndbox><xmin>1</xmin></bndbox></part>';
    const xml = annotation('<!-- <object></object> -->', object('a &amp; b', [0, 1.5, 7, 9], part));
    expect(readAnnotation(xml)).toEqual([{ name: 'a & b', box: { x0: 0, y0: 0.5, x1: 7, y1: 9 } }]);
  });

  test.each([
    ['no name', '<object><bndbox></bndbox></object>', /lacks <name>/],
    ['no number', object('dog', [1, 1, NaN, 3]), /<xmax> is missing or no number/],
    ['an empty box', object('dog', [5, 1, 3, 3]), /box of "dog" is empty/],
  ])('with %s is an error', (_, body, message) => {
    expect(() => readAnnotation(annotation(body))).toThrow(message);
  });
});
