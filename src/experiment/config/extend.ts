import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../numeric/errors.ts';
import { parseSource, type Path, type Source } from './source.ts';

type Keys = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Keys =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys of which a config has one: the one that is given takes the place of the other, too. */
const either = ['dataset', 'datasets'];

/**
 * A config that says `extends: other.yaml` with the keys of that file which it does not have itself; places in messages stay those of the file that
 * a key stands in. The other file lies in the same folder, so that relative paths mean the same. Throws `UserError` where it cannot be read.
 */
export async function extended(source: Source, seen: readonly string[] = []): Promise<Source> {
  const { file, value } = source;
  if (!isMapping(value) || !('extends' in value)) return source;
  const { extends: name, ...own } = value;
  const place = source.at(['extends']);
  if (typeof name !== 'string' || name !== basename(name))
    throw new UserError(`${place}: extends: expected the name of a config in the same folder`);
  const other = join(dirname(file), name);
  if ([...seen, file].includes(other)) throw new UserError(`${place}: extends: ${name} ends up extending itself`);
  const text = await readFile(other, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${place}: extends: cannot read ${other} (${error.code})`);
  });
  const base = await extended(parseSource(text, other), [...seen, file]);
  const inherited = Object.entries(isMapping(base.value) ? base.value : {}).filter(
    ([key]) => !(key in own) && !(either.includes(key) && either.some((one) => one in own)),
  );
  const holder = (key: PropertyKey | undefined) => (inherited.some(([found]) => found === key) ? base : source);
  return {
    file,
    value: { ...Object.fromEntries(inherited), ...own },
    at: (path: Path) => holder(path[0]).at(path),
    atKey: (path: Path, key: string) => holder(path.length === 0 ? key : path[0]).atKey(path, key),
  };
}
