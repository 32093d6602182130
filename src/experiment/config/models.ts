import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { UserError } from '../../numeric/errors.ts';
import type { LoadOptions } from '../../model/model.ts';
import { readLabels } from '../labels.ts';
import { zooModel } from '../zoo.ts';
import { check, type Place } from './check.ts';
import { fileEntry, zooEntry } from './schema.ts';

/** How to load a model, and the name that results give it. */
export type ModelEntry = LoadOptions & { readonly name: string };

/** Reads `{ zoo }` or `{ file, preprocessing }`. Throws `UserError` with the place for a file that is not there, saying what `hint` adds. */
export async function readModelEntry(
  value: unknown,
  place: Place,
  resolve: (path: string) => string,
  hint: string,
): Promise<ModelEntry> {
  const { source, path } = place;
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.includes('zoo')) {
    const { zoo, name = zoo } = check(zooEntry, value, place);
    return { ...(await placed(source.at([...path, 'zoo']), () => zooModel(zoo))), name };
  }
  if (!keys.includes('file'))
    throw new UserError(
      `${source.at(path)}: a model is { zoo: name } or { file: path.onnx, preprocessing: imagenet }, with either "zoo" or "file"`,
    );
  const entry = check(fileEntry, value, place);
  const file = resolve(entry.file);
  if (!existsSync(file)) throw new UserError(`${source.at([...path, 'file'])}: no such file: ${file}${hint}`);
  const { labels } = entry;
  return {
    ...entry,
    file,
    name: entry.name ?? basename(file, '.onnx'),
    labels:
      labels === undefined
        ? undefined
        : await placed(source.at([...path, 'labels']), () => readLabels(resolve(labels)), hint),
  };
}

/** Puts the place before the message of a user's mistake. */
export async function placed<T>(place: string, step: () => Promise<T>, hint = ''): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${place}: ${error.message}${hint}`, { cause: error });
  }
}
