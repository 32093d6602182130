import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { SampleError } from '../../src/data/dataset.ts';
import { readImage, readMask } from '../../src/data/image.ts';
import { imagenetS } from '../../src/data/imagenet-s.ts';
import { segmentedSynsets, synsets } from '../../src/data/imagenet/classes.ts';
import { readTable } from '../../src/data/table.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { loadModel } from '../../src/model/model.ts';
import { argMax, at, stack } from '../../src/numeric/tensor.ts';
import { openDataset, temporaryFolder } from './open.ts';
import { sharedData, testOn } from './shared-data.ts';

/** Writes class ids as the masks are published: R + 256 G. */
async function writeIds(file: string, ids: readonly number[], width: number, height: number): Promise<void> {
  const bytes = Buffer.from(ids.flatMap((id) => [id % 256, Math.floor(id / 256), 0]));
  await sharp(bytes, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(file);
}

/** Whether two arrays hold the same bits; a matcher would walk through millions of values one by one. */
const same = (a: ArrayBufferView, b: ArrayBufferView): boolean =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));

/** Places for pictures and masks of a class. */
async function classFolder(root: string, variant: number, synset: string) {
  const place = (split: string) => join(root, `ImageNetS${variant}`, split, synset);
  const [pictures, masks] = [place('validation'), place('validation-segmentation')];
  await mkdir(pictures, { recursive: true });
  await mkdir(masks, { recursive: true });
  return { pictures, masks };
}

/** A class of ImageNet-S with 919 classes whose id needs both channels, and a picture of 6x4 pixels of it. */
async function smallTree() {
  const root = await temporaryFolder();
  const id = 700;
  const synset = segmentedSynsets(919)[id - 1];
  const { pictures, masks } = await classFolder(root, 919, synset);
  await sharp({ create: { width: 6, height: 4, channels: 3, background: '#777' } })
    .jpeg()
    .toFile(join(pictures, 'ILSVRC2012_val_1.JPEG'));
  // The class on the left, then what is ignored, another class whose red is the same, and other things.
  const row = [id, id, 1000, 188, 0, 0];
  const file = join(masks, 'ILSVRC2012_val_1.png');
  await writeIds(file, [...row, ...row, ...row, ...row], 6, 4);
  return { root, synset, file };
}

describe('imagenet-s', () => {
  test("takes the mask of the folder's class out of red and green", async () => {
    const { root, synset } = await smallTree();
    const dataset = await openDataset(imagenetS, { path: root, variant: 919 }, [4, 6]);
    expect(dataset.provides).toEqual(['label', 'mask']);
    expect(dataset.ids).toEqual([`${synset}/ILSVRC2012_val_1`]);
    const { label, mask } = await dataset.load(0);
    expect(synsets[label!]).toBe(synset);
    expect([...mask!.subarray(0, 6)]).toEqual([1, 1, 0, 0, 0, 0]);
  });

  test('reports a picture without mask when it is loaded', async () => {
    const { root, file } = await smallTree();
    await rm(file);
    const dataset = await openDataset(imagenetS, { path: root, variant: 919 }, [4, 6]);
    await expect(dataset.load(0)).rejects.toThrow(SampleError);
  });

  test('says what is missing and where it comes from', async () => {
    const path = await temporaryFolder();
    const message = /50 classes[^]*LUSSeg\/ImageNet-S[^]*752 pictures[^]*ImageNetS50\/validation\/<synset>/;
    await expect(openDataset(imagenetS, { path })).rejects.toThrow(message);
    const { root } = await smallTree();
    await rm(join(root, 'ImageNetS919/validation-segmentation'), { recursive: true });
    await expect(openDataset(imagenetS, { path: root, variant: 919 })).rejects.toThrow(
      /validation-segmentation: not there[^]*12,419/,
    );
  });

  test('refuses a class that is not part of the variant', async () => {
    const root = await temporaryFolder();
    const { pictures } = await classFolder(root, 50, 'n01440764');
    await sharp({ create: { width: 6, height: 4, channels: 3, background: '#777' } }).toFile(join(pictures, 'a.jpg'));
    await expect(openDataset(imagenetS, { path: root })).rejects.toThrow(/not part of ImageNet-S with 50 classes/);
  });

  testOn('coco-masks', 'serves photographs in the published layout to SqueezeNet', async (folder) => {
    const root = await temporaryFolder();
    const ids = segmentedSynsets(919);
    const rows = (await readTable(join(folder, 'labels.csv'), ['file', 'label', 'mask'])).map(({ cells }) => cells);
    const kept = rows.filter(({ label }) => ids.includes(synsets[Number(label)])).slice(0, 24);
    expect(kept).toHaveLength(24);
    const masks = new Map<string, Uint8Array>();
    for (const [i, { file, label, mask: png }] of kept.entries()) {
      const synset = synsets[Number(label)];
      const { pictures, masks: target } = await classFolder(root, 919, synset);
      await copyFile(join(folder, file), join(pictures, `${i}.JPEG`));
      const { mask, size } = await readMask(join(folder, png));
      masks.set(`${synset}/${i}`, mask);
      const id = ids.indexOf(synset) + 1;
      await writeIds(
        join(target, `${i}.png`),
        Array.from(mask, (v, p) => (v ? id : p % 7 ? 0 : 1000)),
        size[1],
        size[0],
      );
    }
    const dataset = await openDataset(imagenetS, { path: root, variant: 919 }, [224, 224]);
    expect([...dataset.ids].sort()).toEqual([...masks.keys()].sort());
    const samples = await Promise.all(dataset.ids.map((_, i) => dataset.load(i)));
    for (const { id, mask, image } of samples) {
      expect(same(mask!, masks.get(id)!), id).toBe(true);
      const whole = await readImage(join(folder, kept[Number(id.split('/')[1])].file));
      expect(image.shape).toEqual(whole.shape);
      expect(same(image.data, whole.data), id).toBe(true);
    }
    const model = await loadModel({ file: join(sharedData, 'models/squeezenet1_1.onnx'), preprocessing: 'imagenet' });
    const engine = createOnnxRuntimeEngine({ threads: 1 });
    const { logits } = await engine
      .compile({ logits: model.logits })
      .run({ pixels: stack(samples.map((s) => s.image)) });
    await engine.release();
    const right = samples.filter(({ label }, i) => argMax(at(logits, i).data) === label).length;
    // The labels are those that MobileNet-V2 found among the right ones; SqueezeNet need not find the same.
    expect(right).toBeGreaterThanOrEqual(12);
  });
});
