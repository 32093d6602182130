import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkPlaces, makeFolder, writeWhole } from '../../reports/write.ts';
import { UserError } from '../../src/numeric/errors.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Does something as a user who may not write everywhere, as root may. */
async function asAnother(step: () => Promise<void>): Promise<void> {
  const isRoot = process.getuid!() === 0;
  await chmod(folder, 0o777);
  if (isRoot) process.seteuid!(65_534);
  await step().finally(() => isRoot && process.seteuid!(0));
}

test('folders are made with those above them, several times over at once', async () => {
  const deep = join(folder, 'a', 'b', 'c');
  await Promise.all(Array.from({ length: 20 }, () => makeFolder(deep)));
  await makeFolder(`${deep}/`);
  expect(await readdir(join(folder, 'a', 'b'))).toEqual(['c']);
});

describe('what cannot be written is one line, before and after the work', () => {
  const refuse = async (path: string, message: RegExp) => {
    for (const step of [() => checkPlaces([path]), () => writeWhole(path, 'new')]) {
      const error: unknown = await step().catch((e: unknown) => e);
      expect(error).toBeInstanceOf(UserError);
      expect((error as Error).message).toMatch(message);
    }
  };

  test('where no folder can be made', async () => {
    await writeFile(join(folder, 'file'), '');
    await refuse(
      join(folder, 'file', 'a.csv'),
      /^.*file\/a\.csv: cannot be written \((EEXIST|ENOTDIR)\); choose another place$/,
    );
    await refuse(join(folder, 'file', 'b', 'a.csv'), /cannot be written \(ENOTDIR\)/);
  });

  test.skipIf(!existsSync('/proc/self'))('where a folder takes no names', () =>
    refuse('/proc/nowhere/deep/a.csv', /cannot be written \(ENOENT\)/),
  );

  test('behind a link that leads nowhere', async () => {
    await symlink(join(folder, 'nowhere'), join(folder, 'link'));
    await refuse(join(folder, 'link', 'a.csv'), /cannot be written \((ENOENT|EEXIST)\)/);
  });

  test('under a name that is too long', () =>
    refuse(join(folder, 'a'.repeat(300), 'a.csv'), /cannot be written \(ENAMETOOLONG\)/));

  test('in place of a folder or a device', async () => {
    await mkdir(join(folder, 'a.csv'));
    await refuse(join(folder, 'a.csv'), /a\.csv: cannot be written \(EISDIR\)/);
    await symlink('/dev/null', join(folder, 'null'));
    await refuse(join(folder, 'null'), /null: is no file that can be replaced; choose another place/);
  });

  test.skipIf(!process.getuid)('in a folder or over a file that is read-only', async () => {
    const [locked, kept] = [join(folder, 'locked'), join(folder, 'kept.csv')];
    await mkdir(locked, { mode: 0o555 });
    await writeFile(kept, 'old', { mode: 0o444 });
    await asAnother(async () => {
      await refuse(join(locked, 'a.csv'), /cannot be written \(EACCES\)/);
      await refuse(join(locked, 'b', 'a.csv'), /cannot be written \(EACCES\)/);
      await refuse(kept, /kept\.csv: cannot be written \(EACCES\)/);
    });
    expect(await readFile(kept, 'utf8')).toBe('old');
  });
});

test('asking leaves nothing, and what is there as it is', async () => {
  await writeFile(join(folder, 'there.csv'), 'old');
  await checkPlaces([join(folder, 'there.csv'), undefined, join(folder, 'new', 'deep', 'a.csv')]);
  expect(await readdir(folder, { recursive: true })).toEqual(['there.csv']);
  expect(await readFile(join(folder, 'there.csv'), 'utf8')).toBe('old');
});
