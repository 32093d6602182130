import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import * as g from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { sizeOf } from '../../src/numeric/tensor.ts';
import { writeModel } from '../../src/onnx/write.ts';

/** A folder that goes away with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gauntlet-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The bytes of a net of two convolutions with random weights, for pictures 16x16 and ten classes. */
export function tinyNet(key = 'tiny'): Uint8Array {
  const rng = createRng(0, key);
  const weights = (...shape: number[]) => {
    const scale = Math.sqrt(2 / sizeOf(shape.slice(1)));
    return g.constant(
      Float32Array.from({ length: sizeOf(shape) }, () => scale * rng.normal()),
      shape,
    );
  };
  const pads = [1, 1, 1, 1] as const;
  const pixels = g.input('pixels', ['N', 3, 16, 16]);
  const first = g.relu(g.conv(pixels, weights(4, 3, 3, 3), undefined, { pads, strides: [2, 2] }));
  const second = g.relu(g.conv(first, weights(6, 4, 3, 3), undefined, { pads }));
  return writeModel({ logits: g.dense(g.reduceMean(second, [2, 3]), weights(6, 10)) });
}

/** Writes tiny.onnx and config.yaml into a folder, `changes` replacing lines of the config; returns the config's path. */
export async function tinyExperiment(folder: string, changes: Readonly<Record<string, string>> = {}): Promise<string> {
  await writeFile(join(folder, 'tiny.onnx'), tinyNet());
  const lines = {
    name: 'tiny',
    seed: '0',
    models: '[{ file: tiny.onnx, preprocessing: none }]',
    dataset: '{ kind: scenes, count: 3 }',
    explainers: '[srd, grad-cam, { use: ig, steps: 4 }, random]',
    attacks: '[{ use: pgd, steps: 3 }, { use: targeted-manipulation, steps: 3, learningRate: 0.01 }, gaussian-noise]',
    metrics: '[{ use: deletion, steps: 8 }, pointing-game, { use: max-sensitivity, samples: 2 }, ssim, pearson]',
    heatmaps: '1',
    ...changes,
  };
  const file = join(folder, 'config.yaml');
  await writeFile(
    file,
    Object.entries(lines)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
  );
  return file;
}
