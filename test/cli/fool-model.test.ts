import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadModel } from '../../src/model/model.ts';
import { temporaryFolder } from '../experiment/tiny.ts';
import { cli } from './in-process.ts';

test('a net is fooled a little, measured and written', async () => {
  const folder = await temporaryFolder();
  const [out, png] = [join(folder, 'fooled.onnx'), join(folder, 'maps.png')];
  const plugin = join(folder, 'nothing.mjs');
  await writeFile(
    plugin,
    `import { defineExplainer, graph, z } from 'xai-gauntlet';
export default defineExplainer({ name: 'nothing', title: 'Nothing', paper: 'none', options: z.strictObject({}),
  attribution: ({ model }) => graph.mul(model.input, 0) });`,
  );
  const small = ['--steps', '2', '--batch', '1', '--count', '2', '--watch', 'gradient', 'nothing', '--plugin', plugin];
  const { code, stdout, stderr } = await cli(
    ...['fool-model', '--model', 'zoo:scenes-vgg', '--explainer', 'grad-cam', ...small, '--out', out, '--png', png],
  );
  expect(code).toBe(0);
  expect(stderr).toMatch(/^nothing is not measured: no picture has a map that is not the same everywhere$/m);
  expect(stdout).toMatch(/accuracy 1\.000 before/);
  const measures = JSON.parse(readFileSync(join(folder, 'fooled.json'), 'utf8')) as Record<string, object>;
  expect(Object.keys(measures.explainers)).toEqual(['grad-cam', 'gradient']);
  expect(readFileSync(png).subarray(1, 4).toString()).toBe('PNG');
  const fooled = await loadModel({ file: out, preprocessing: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } });
  expect(fooled.classes).toBe(10);
});

test.each([
  [['--explainer', 'rise'], /rise is a black box/],
  [['--explainer', 'gradient', '--steps', '0'], /--steps: expected a whole number of at least 1/],
  [['--explainer', 'gradient', '--weight', '0'], /--weight: expected a number above 0/],
])('%j is refused', async (given, message) => {
  const { code, stderr } = await cli('fool-model', '--model', 'zoo:scenes-vgg', ...given, '--out', 'never.onnx');
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
