import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { SampleError } from '../../src/data/dataset.ts';
import { readImage, readMask } from '../../src/data/image.ts';
import { encodePng } from './encode-png.ts';
import { scene } from '../../src/data/scenes.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { temporaryFolder } from './open.ts';

describe('images', () => {
  test('come back from PNG as they were', async () => {
    const folder = await temporaryFolder();
    const { image } = scene(0, 'test', 4);
    await writeFile(join(folder, 'a.png'), await encodePng(image));
    expect(await readImage(join(folder, 'a.png'))).toEqual(image);
  });

  test('get three channels whatever the file holds', async () => {
    const folder = await temporaryFolder();
    const write = (name: string, channels: 1 | 2 | 4, bytes: number[]) =>
      sharp(Buffer.from(bytes), { raw: { width: 1, height: 1, channels } }).toFile(join(folder, name));
    await write('grey.png', 1, [51]);
    await write('grey-alpha.png', 2, [51, 0]);
    await write('alpha.png', 4, [51, 102, 153, 0]);
    const read = async (name: string) =>
      Array.from((await readImage(join(folder, name))).data, (v) => Math.round(v * 255));
    expect(await read('grey.png')).toEqual([51, 51, 51]);
    expect(await read('grey-alpha.png')).toEqual([51, 51, 51]);
    expect(await read('alpha.png')).toEqual([51, 102, 153]);
  });

  test('are read from JPEG and WebP', async () => {
    const folder = await temporaryFolder();
    const plain = sharp({ create: { width: 20, height: 10, channels: 3, background: '#336699' } });
    for (const name of ['a.jpg', 'a.webp']) {
      await plain.clone().toFile(join(folder, name));
      const { shape, data } = await readImage(join(folder, name));
      expect(shape).toEqual([3, 10, 20]);
      for (const [c, value] of [0.2, 0.4, 0.6].entries()) expect(Math.abs(data[200 * c] - value)).toBeLessThan(0.02);
    }
  });

  test('that are broken, cut short or absent give one line with file and cause', async () => {
    const folder = await temporaryFolder();
    const whole = join(folder, 'whole.jpg');
    await sharp(
      Buffer.alloc(64 * 64 * 3, 1).map((_, i) => (i * 7919) & 255),
      { raw: { width: 64, height: 64, channels: 3 } },
    ).toFile(whole);
    const bytes = await readFile(whole);
    await writeFile(join(folder, 'cut.jpg'), bytes.subarray(0, bytes.length >> 1));
    await writeFile(join(folder, 'text.jpg'), 'no picture');
    await writeFile(join(folder, 'empty.png'), '');
    for (const name of ['cut.jpg', 'text.jpg', 'empty.png', 'absent.png']) {
      const error: unknown = await readImage(join(folder, name)).catch((e: unknown) => e);
      expect(error, name).toBeInstanceOf(SampleError);
      expect((error as Error).message).toMatch(new RegExp(`^.*${name}: .+$`));
    }
  });
});

test('masks are 1 where the file is bright', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'm.png'), await encodePng(tensor([1, 1, 4], [0, 0.4, 0.6, 1])));
  expect(await readMask(join(folder, 'm.png'))).toEqual({ mask: Uint8Array.of(0, 0, 1, 1), size: [1, 4] });
});
