import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../experiment/tiny.ts';

let clone: string;

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(clone, path)), { recursive: true });
    await writeFile(join(clone, path), text);
  }
}

/** What a new process that loads src/cli/main.ts as bin/ does has to say. */
async function start(): Promise<string> {
  const script = `import { load } from './bin/load.mjs'; console.log((await load('cli/main')).says);`;
  return (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: clone })).stdout;
}

beforeEach(async () => {
  clone = await temporaryFolder();
  await cp('bin', join(clone, 'bin'), { recursive: true });
  await symlink(resolve('node_modules'), join(clone, 'node_modules'));
  await write({
    'package.json': '{ "type": "module" }',
    'attacks/fgsm.ts': `import type { Unheard } from 'of';\nexport const fgsm = (x: number): number => x as Unheard;`,
    'metrics/index.ts': 'export {};',
    'reports/index.ts': 'export {};',
    'src/cli/main.ts': `import { fgsm } from '../../attacks/fgsm.ts';\nexport const says: string = \`\${fgsm(1)} \${(await import('./late.ts')).late}\`;`,
    'src/cli/late.ts': `export const late: string = 'first';`,
  });
});

test('a clone starts from its sources as they are now, whatever their time', async () => {
  expect(await start()).toBe('1 first\n');
  await write({ 'src/cli/late.ts': `export const late: string = 'newer';` });
  expect(await start()).toBe('1 newer\n');
  await write({ 'src/cli/late.ts': `export const late: string = 'older';` });
  await utimes(join(clone, 'src/cli/late.ts'), 1e9, 1e9);
  expect(await start()).toBe('1 older\n');
});

test('a source that is gone is not found', async () => {
  await start();
  await rm(join(clone, 'src/cli/late.ts'));
  await expect(start()).rejects.toThrow(/Cannot find module .*late\.js/);
});

test('another way of making them makes them anew', async () => {
  await start();
  const made = join(clone, '.cache/src/cli/late.js');
  await writeFile(made, `export const late = 'by hand';`);
  const source = join(clone, 'src/cli/late.ts');
  await utimes(source, 1e9, 1e9);
  await utimes(made, 1e9, 1e9);
  expect(await start()).toBe('1 by hand\n');
  await utimes(join(clone, 'bin/transpile.mjs'), 1e9, 1e9);
  expect(await start()).toBe('1 first\n');
});

test('several may start at once', async () => {
  expect(await Promise.all([start(), start(), start()])).toEqual(Array(3).fill('1 first\n'));
  expect(await readdir(join(clone, '.cache/src/cli'))).toEqual(['late.js', 'late.js.map', 'main.js', 'main.js.map']);
});
