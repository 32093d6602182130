import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../numeric/errors.ts';
import { missing, type Origin } from '../missing.ts';
import { labelOf } from './classes.ts';

/** A picture in the folder of its class. */
export interface Filed {
  /** Name of its folder, such as `n01440764`. */
  readonly synset: string;
  /** Index among the 1,000 classes of ImageNet. */
  readonly label: number;
  /** Name of its file without the extension. */
  readonly stem: string;
  /** Path of its file. */
  readonly file: string;
}

const picture = /[.](jpe?g|png)$/i;

async function filedUnder(folder: string, synset: string): Promise<Filed[]> {
  const label = labelOf(synset);
  if (label === undefined)
    throw new UserError(`${join(folder, synset)}: no class of ImageNet-1k has this name; take the folder away`);
  const files = (await readdir(join(folder, synset))).filter((name) => picture.test(name)).sort();
  return files.map((name) => ({ synset, label, stem: name.replace(picture, ''), file: join(folder, synset, name) }));
}

/**
 * The pictures of `folder/<synset>/`: the first of each class, then the second of each, so that a few of them show many classes.
 * Throws `UserError` telling what is wanted where there are none.
 */
export async function classFolders(folder: string, origin: Origin): Promise<Filed[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw missing(folder, origin);
  });
  const synsets = entries.filter((e) => !e.isFile() && /^n\d{8}$/.test(e.name)).map((e) => e.name);
  if (synsets.length === 0 && entries.some((e) => picture.test(e.name)))
    throw new UserError(`${folder}: pictures lie here unsorted; put each into a folder named by its class (n01440764)`);
  const classes = await Promise.all(synsets.sort().map((synset) => filedUnder(folder, synset)));
  const most = Math.max(0, ...classes.map((files) => files.length));
  if (most === 0) throw missing(folder, origin);
  return Array.from({ length: most }, (_, i) => classes.flatMap((files) => files.slice(i, i + 1))).flat();
}
