import { expect, test } from 'vitest';
import { datasets, findDataset } from '../../src/data/index.ts';
import { scenes } from '../../src/data/scenes.ts';
import { UserError } from '../../src/numeric/errors.ts';

test('datasets are found by name', () => {
  expect(findDataset('scenes')).toBe(scenes);
  expect(() => findDataset('scene')).toThrow(
    new UserError('no kind of dataset "scene"; there are scenes, image-folder, imagenet, imagenet-s, voc'),
  );
  expect(() => findDataset('scenes', [])).toThrow(UserError);
  expect(new Set(datasets.map((d) => d.name)).size).toBe(datasets.length);
});
