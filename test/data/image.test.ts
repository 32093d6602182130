import { writeFile } from 'node:fs/promises';
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

  test('that are cut short, absent or nameless give one line with file and cause', async () => {
    const folder = await temporaryFolder();
    const told = async (name: string) => {
      const error: unknown = await readImage(join(folder, name)).catch((e: unknown) => e);
      expect(error, name).toBeInstanceOf(SampleError);
      return (error as Error).message.replace(`${folder}/`, '');
    };
    const picture = sharp(
      Buffer.alloc(64 * 64 * 3, 1).map((_, i) => (i * 7919) & 255),
      { raw: { width: 64, height: 64, channels: 3 } },
    );
    for (const [format, name] of [
      ['jpeg', 'JPEG'],
      ['png', 'PNG'],
      ['webp', 'WebP'],
      ['tiff', 'TIFF'],
    ] as const) {
      const bytes = await picture.toFormat(format).toBuffer();
      await writeFile(join(folder, 'cut'), bytes.subarray(0, bytes.length >> 1));
      expect(await told('cut')).toMatch(
        new RegExp(`^cut: is a ${name} that cannot be decoded \\(.+\\); if it is cut off`),
      );
    }
    expect(await told('absent.png')).toBe('absent.png: is not there; correct its name, or put it there');
    expect(await told('cut/a.png')).toMatch(/^cut\/a\.png: is not there/);
    expect(await told('')).toMatch(/: is a folder and no picture$/);
  });

  test.each([
    ['', /is empty and no picture; copy or download it again/],
    [
      'version https://git-lfs.github.com/spec/v1\noid sha256:00',
      /is a pointer of Git LFS and no picture; .* git lfs pull/,
    ],
    ['\n<!DOCTYPE html><title>404</title>', /is a web page/],
    ['<?xml version="1.0"?><Error>AccessDenied</Error>', /is text \(XML or JSON\)/],
    ['{ "message": "Not Found" }', /is text \(XML or JSON\)/],
    ['PK\x03\x04\0\0', /is an archive/],
    [`${'a.jpg'.padEnd(257, '\0')}ustar\0`, /is an archive/],
    ['%PDF-1.7', /is a PDF/],
    ['\x93NUMPY\x01\0', /is a NumPy array/],
    ['\0\0\0\x18ftypheic\0\0\0\0', /is HEIC, which cannot be decoded; convert it/],
    ['\0\0\0\x1cftypavif\0\0\0\0', /is an AVIF that cannot be decoded/],
    ['BM\x36\0\0\0', /is a BMP, which/],
    ['\0\0\0\x0cJXL \r\n', /is JPEG XL/],
    ['no picture', /is text and no picture/],
    ['\x7fELF\x02\x01\0', /starts with the bytes 7f 45 4c 46 02 01 00\)/],
  ])('that are none say what they seem to be: %j', async (start, message) => {
    const file = join(await temporaryFolder(), 'a.jpg');
    await writeFile(file, start, 'latin1');
    for (const read of [readImage, readMask]) {
      const error: unknown = await read(file).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(SampleError);
      expect((error as Error).message).toMatch(message);
      expect((error as Error).message).toMatch(/^\/.+a\.jpg: is .+$/);
    }
  });
});

test('masks are 1 where the file is bright', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'm.png'), await encodePng(tensor([1, 1, 4], [0, 0.4, 0.6, 1])));
  expect(await readMask(join(folder, 'm.png'))).toEqual({ mask: Uint8Array.of(0, 0, 1, 1), size: [1, 4] });
});
