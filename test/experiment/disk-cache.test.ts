import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDiskCache } from '../../src/experiment/disk-cache.ts';
import { temporaryFolder } from './tiny.ts';

const keyOf = (i: number) => i.toString(16).padStart(64, '0');
const slow = 60;

test('gives back what was put, typed arrays and views included', async () => {
  const cache = openDiskCache(await temporaryFolder(), 1e9);
  const whole = Float32Array.of(1, 2, NaN, -0, 5);
  const value = { image: { shape: [3], data: whole.subarray(1, 4) }, losses: [0.1, 1e-300], note: undefined };
  await cache.put(keyOf(1), value, slow);
  expect(await cache.get(keyOf(1))).toEqual({ ...value, image: { shape: [3], data: Float32Array.of(2, NaN, -0) } });
  expect(await cache.get(keyOf(2))).toBeUndefined();
});

test('does not keep what is made as fast as it is read, or has no bytes', async () => {
  const folder = await temporaryFolder();
  const cache = openDiskCache(folder, 1e9);
  await cache.put(keyOf(1), new Float32Array(10), 1e-3);
  await cache.put(keyOf(2), { predict: () => 0 }, slow);
  expect(await readdir(folder)).toEqual([]);
});

test('takes a damaged or shortened value for absent', async () => {
  const folder = await temporaryFolder();
  const cache = openDiskCache(folder, 1e9);
  const file = join(folder, '00', keyOf(1));
  await cache.put(keyOf(1), new Float32Array(100), slow);
  const bytes = await readFile(file);
  for (const damaged of [bytes.subarray(0, 50), bytes.map((b, i) => (i === 200 ? b ^ 1 : b)), new Uint8Array()]) {
    await writeFile(file, damaged);
    expect(await cache.get(keyOf(1))).toBeUndefined();
  }
  await cache.put(keyOf(1), new Float32Array(100), slow);
  expect(await cache.get(keyOf(1))).toEqual(new Float32Array(100));
});

test('deletes what was used least recently once it is past its size, files of others included', async () => {
  const folder = await temporaryFolder();
  const value = new Float32Array(2500);
  for (let i = 0; i < 8; i++) {
    // A process of its own each time, as far as the cache can tell.
    await openDiskCache(folder, 1e9).put(keyOf(i), value, slow);
    const when = new Date(Date.now() - 1e6 + 1000 * i);
    await utimes(join(folder, '00', keyOf(i)), when, when);
  }
  const cache = openDiskCache(folder, 50_000);
  expect(await cache.get(keyOf(0))).toEqual(value);
  await cache.put(keyOf(8), value, slow);
  const kept = await Promise.all(Array.from({ length: 9 }, (_, i) => cache.get(keyOf(i))));
  expect(kept.flatMap((found, i) => (found ? [i] : []))).toEqual([0, 6, 7, 8]);
});

test('processes that write and delete at once find whole values only', async () => {
  const folder = await temporaryFolder();
  const value = (i: number) => new Float32Array(1000).fill(i);
  const use = async () => {
    const cache = openDiskCache(folder, 20_000);
    for (let i = 0; i < 12; i++) {
      await cache.put(keyOf(i), value(i), slow);
      const found = await cache.get(keyOf((i * 5) % 12));
      if (found) expect(found).toEqual(value((i * 5) % 12));
    }
  };
  await Promise.all([use(), use(), use()]);
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.length > 2);
  expect(files.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThan(20_000 + 3 * 5_000);
});
