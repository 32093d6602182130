import { readdir, stat } from 'node:fs/promises';
import { join, resolve as resolvePath } from 'node:path';
import { z } from 'zod';
import { UserError } from '../numeric/errors.ts';
import { defineDataset, type Box } from './dataset.ts';
import { exists } from './exists.ts';
import { fit } from './geometry.ts';
import { readMask } from './image.ts';
import { readSample, type Source } from './read-sample.ts';
import { readNames, readTable, wholeNumber, type Row } from './table.ts';
import { inWindow, windowOptions } from './window.ts';

const options = z.strictObject({
  /** Folder of the pictures. */
  path: z.string(),
  /** CSV `file,label[,name,mask,x0,y0,x1,y1]`, relative to the folder; files and masks are relative to the folder as well. */
  labels: z.string().optional(),
  /** CSV `label,name` of all class names. */
  classes: z.string().optional(),
  fit: fit.default('crop'),
  ...windowOptions,
});

const corners = ['x0', 'y0', 'x1', 'y1'] as const;

/** The box of a row; none where its cells are empty. */
function readBox(file: string, row: Row): Box | undefined {
  if (corners.every((corner) => !row.cells[corner]?.trim())) return undefined;
  const absent = corners.find((corner) => row.cells[corner] === undefined);
  if (absent) throw new UserError(`${file}, line 1: no column "${absent}"; a box needs x0, y0, x1 and y1`);
  const [x0, y0, x1, y1] = corners.map((corner) => wholeNumber(file, row, corner));
  if (x0 >= x1 || y0 >= y1)
    throw new UserError(
      `${file}, line ${row.line}: box ${x0},${y0},${x1},${y1} is empty; x0 < x1 and y0 < y1 are needed`,
    );
  return { x0, y0, x1, y1 };
}

/** The pictures that a labels file lists, in its order. A file listed again gets `#2`, `#3`, ... after its id. */
async function listed(folder: string, file: string): Promise<{ sources: Source[]; names: string[] }> {
  const rows = await readTable(file, ['file', 'label']);
  const names: string[] = [];
  const seen = new Map<string, number>();
  const sources = rows.map((row): Source => {
    const { file: image, name, mask } = row.cells;
    if (!image) throw new UserError(`${file}, line ${row.line}: the file is empty; name a picture of the folder`);
    const label = wholeNumber(file, row, 'label');
    if (name) names[label] ??= name;
    const times = (seen.get(image) ?? 0) + 1;
    seen.set(image, times);
    return {
      id: times === 1 ? image : `${image}#${times}`,
      image: join(folder, image),
      label,
      box: readBox(file, row),
      mask: mask ? { file: join(folder, mask), read: readMask } : undefined,
    };
  });
  return { sources, names };
}

/** All pictures of a folder by name, without labels. */
async function unlabelled(folder: string): Promise<{ sources: Source[]; names: string[] }> {
  const files = (await readdir(folder)).filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).sort();
  if (files.length === 0)
    throw new UserError(
      `${folder}: neither a labels.csv nor a JPEG, PNG or WebP picture; set "path" to a folder of pictures`,
    );
  return { sources: files.map((name) => ({ id: name, image: join(folder, name) })), names: [] };
}

/** A folder of pictures, with labels, masks and boxes where a CSV gives them. */
export const imageFolder = defineDataset({
  name: 'image-folder',
  title: 'A folder of pictures; labels, masks and boxes from a CSV',
  options,
  async open({ path, labels, classes, fit, ...window }, { size, resolve }) {
    const folder = resolve(path);
    const found = await stat(folder).catch(() => undefined);
    if (!found?.isDirectory()) throw new UserError(`${folder}: no such folder; set "path" to a folder of pictures`);
    const table = resolvePath(folder, labels ?? 'labels.csv');
    const { sources, names } =
      labels !== undefined || (await exists(table)) ? await listed(folder, table) : await unlabelled(folder);
    const kept = inWindow(sources, window, folder);
    const known = classes === undefined ? names : await readNames(resolve(classes));
    return {
      name: 'image-folder',
      // Labels without a name go by their number.
      classes: known.length > 0 ? Array.from(known, (name, label) => name ?? String(label)) : undefined,
      provides: (['label', 'mask', 'box'] as const).filter((part) => kept.every((s) => s[part] !== undefined)),
      ids: kept.map((s) => s.id),
      load: (index) => readSample(kept[index], size, fit),
    };
  },
});
