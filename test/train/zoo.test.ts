import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sceneClasses } from '../../src/data/scenes.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import type { Shape } from '../../src/graph/index.ts';
import { loadModel } from '../../src/model/model.ts';
import { sceneAccuracy } from '../../src/train/evaluate.ts';
import type { ZooEntry } from '../../src/train/zoo-files.ts';
import { zooPlan } from '../../src/train/zoo-plan.ts';

const folder = join(import.meta.dirname, '../../zoo');
const index = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as Record<string, ZooEntry>;

test('the zoo holds the nets of the plan, in less than 10 MB', async () => {
  expect(Object.keys(index).sort()).toEqual(Object.keys(zooPlan).sort());
  for (const [net, { file, bytes, command, seed }] of Object.entries(index)) {
    expect((await stat(join(folder, file))).size).toBe(bytes);
    const { epochs, scenes } = zooPlan[net];
    expect(command).toContain(`--net ${net} --seed ${seed} --epochs ${epochs} --scenes ${scenes} `);
  }
  expect(Object.values(index).reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(1e7);
});

/** What explainers look at. */
const layers: Record<string, Record<string, Shape>> = {
  'scenes-vgg': { relu4_2: ['N', 128, 8, 8] },
  'scenes-vgg-softplus': { softplus4_2: ['N', 128, 8, 8] },
  'scenes-vgg-13': { relu4_3: ['N', 128, 8, 8] },
  'scenes-resnet': { 'stage3.block2.relu2': ['N', 96, 8, 8] },
  'scenes-resnet-20': { 'stage3.block3.relu2': ['N', 96, 8, 8] },
  'scenes-vit': {
    'stem.relu4': ['N', 64, 8, 8],
    'block1.attention.softmax': ['N', 4, 64, 64],
    block3: ['N', 64, 64],
  },
};

describe.each(Object.entries(index))('%s', (name, { file, classes, preprocessing, accuracy, interval }) => {
  test('classifies at least 95 % of the scenes rightly, and of the first 150 about as many', async () => {
    const engine = createOnnxRuntimeEngine({ threads: 1 });
    const bytes = await readFile(join(folder, file));
    const measured = await sceneAccuracy(bytes, file, engine, 150);
    await engine.release();
    expect(accuracy).toBeGreaterThanOrEqual(0.95);
    expect(interval[0]).toBeLessThan(accuracy);
    expect(interval[1]).toBeGreaterThan(accuracy);
    expect(Math.abs(measured - accuracy)).toBeLessThan(0.05);
  });

  test('has the classes of the scenes and layers by the names of its architecture', async () => {
    expect(classes).toEqual(sceneClasses);
    const [mean, std] = [preprocessing.mean, preprocessing.std] as [[number, number, number], [number, number, number]];
    const model = await loadModel({ file: join(folder, file), preprocessing: { mean, std }, labels: classes });
    for (const [layer, shape] of Object.entries(layers[name] ?? {}))
      expect(model.layers.get(layer)?.shape).toEqual(shape);
    expect(model.layers.has('fc')).toBe(true);
  });
});
