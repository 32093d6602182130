import { UserError } from '../numeric/errors.ts';
import type { DatasetDefinition } from './dataset.ts';
import { imageFolder } from './image-folder.ts';
import { imagenetS } from './imagenet-s.ts';
import { imagenet } from './imagenet.ts';
import { scenes } from './scenes.ts';
import { voc } from './voc.ts';

/** The built-in kinds of dataset. */
export const datasets: readonly DatasetDefinition[] = [scenes, imageFolder, imagenet, imagenetS, voc];

/** Finds a kind of dataset by name, among the built-in ones or those given. Throws `UserError` listing them for an unknown name. */
export function findDataset(name: string, among: readonly DatasetDefinition[] = datasets): DatasetDefinition {
  const found = among.find((definition) => definition.name === name);
  if (!found)
    throw new UserError(
      `no kind of dataset "${name}"; there are ${among.map((definition) => definition.name).join(', ')}`,
    );
  return found;
}
