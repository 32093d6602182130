import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeZooNet, type ZooEntry } from '../../src/train/zoo-files.ts';

test('a zoo keeps its other nets', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zoo-'));
  const entry = (file: string): ZooEntry => ({
    file,
    preprocessing: { mean: [0, 0, 0], std: [1, 1, 1] },
    classes: [],
    accuracy: 1,
    interval: [0.9, 1],
    bytes: 1,
    command: '',
    seed: 0,
  });
  await writeZooNet(folder, 'b', Uint8Array.of(1), entry('b.onnx'));
  await writeZooNet(folder, 'a', Uint8Array.of(2), entry('a.onnx'));
  await writeZooNet(folder, 'b', Uint8Array.of(3), entry('b.onnx'));
  const index = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as Record<string, ZooEntry>;
  expect(Object.keys(index)).toEqual(['a', 'b']);
  expect([...(await readFile(join(folder, index.b.file)))]).toEqual([3]);
  await rm(folder, { recursive: true });
});
