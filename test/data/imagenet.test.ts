import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { labelOf, segmentedSynsets, synsets } from '../../src/data/imagenet/classes.ts';
import { imagenet } from '../../src/data/imagenet.ts';
import { UserError } from '../../src/numeric/errors.ts';
import { openDataset, temporaryFolder } from './open.ts';

/** Pictures of one colour, each in its own file. */
async function paint(root: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [file, background] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await sharp({ create: { width: 8, height: 8, channels: 3, background } })
      .jpeg()
      .toFile(join(root, file));
  }
  return root;
}

describe('the classes of ImageNet', () => {
  test('are sorted synsets, each once', () => {
    expect(synsets).toHaveLength(1000);
    expect([...new Set(synsets)].sort()).toEqual(synsets);
    expect(synsets.every((s) => /^n\d{8}$/.test(s))).toBe(true);
  });

  test('have the numbers that models know them by', () => {
    // Tench, goldfish, bald eagle, Labrador, tabby, zebra, sports car, toilet tissue: well-known indices of torchvision's models.
    const known = { n01440764: 0, n01443537: 1, n01614925: 22, n02099712: 208, n02123045: 281, n02391049: 340 };
    const more = { n04285008: 817, n15075141: 999 };
    for (const [synset, label] of Object.entries({ ...known, ...more })) expect(labelOf(synset)).toBe(label);
    expect(labelOf('n00000001')).toBeUndefined();
  });

  test('of the smaller ImageNet-S are among those of the larger', () => {
    const parts = ([50, 300, 919] as const).map(segmentedSynsets);
    expect(parts.map((part) => part.length)).toEqual([50, 300, 919]);
    expect(parts[1]).toEqual(expect.arrayContaining(parts[0]));
    expect(parts[2]).toEqual(expect.arrayContaining(parts[1]));
    // The first lines of the published lists.
    expect(parts.map((part) => part.slice(0, 2))).toEqual([
      ['n01443537', 'n01491361'],
      ['n01440764', 'n01443537'],
      ['n01440764', 'n01443537'],
    ]);
  });
});

describe('imagenet', () => {
  test('takes a picture of each class in turn, with the label of its folder', async () => {
    const path = await paint(await temporaryFolder(), {
      'val/n02099712/b.JPEG': '#00f',
      'val/n02099712/a.JPEG': '#f00',
      'val/n01443537/c.JPEG': '#0f0',
      'val/n15075141/d.JPEG': '#fff',
    });
    const dataset = await openDataset(imagenet, { path });
    expect(dataset.ids).toEqual(['n01443537/c', 'n02099712/a', 'n15075141/d', 'n02099712/b']);
    expect(dataset.provides).toEqual(['label']);
    expect((await dataset.load(0)).label).toBe(1);
    const sample = await dataset.load(3);
    expect(sample).toMatchObject({ id: 'n02099712/b', label: 208 });
    expect(sample.image.shape).toEqual([3, 64, 64]);
    expect(sample.image.data[2 * 64 * 64]).toBeGreaterThan(0.9);
    expect((await openDataset(imagenet, { path, start: 1, limit: 2 })).ids).toEqual(['n02099712/a', 'n15075141/d']);
    await expect(openDataset(imagenet, { path, start: 99 })).rejects.toThrow(
      /val: "start" is 99, and there are \d+ samples; lower it$/,
    );
  });

  test('says what is wanted, where it comes from, how large it is and where to put it', async () => {
    const path = await temporaryFolder();
    const opened = openDataset(imagenet, { path });
    await expect(opened).rejects.toThrow(UserError);
    await expect(opened).rejects.toThrow(/ILSVRC 2012[^]*image-net\.org[^]*6\.3 GB[^]*val\/<synset>\/\*\.JPEG/);
    await mkdir(join(path, 'val/n01443537'), { recursive: true });
    await expect(openDataset(imagenet, { path })).rejects.toThrow(/wanted:/);
  });

  test('refuses unsorted pictures and unknown classes', async () => {
    const unsorted = await paint(await temporaryFolder(), { 'val/ILSVRC2012_val_00000001.JPEG': '#fff' });
    await expect(openDataset(imagenet, { path: unsorted })).rejects.toThrow(/unsorted; put each into a folder/);
    const unknown = await paint(await temporaryFolder(), { 'val/n99999999/a.JPEG': '#fff' });
    await expect(openDataset(imagenet, { path: unknown })).rejects.toThrow(/n99999999: no class of ImageNet-1k/);
  });
});
