import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../src/cli/command.ts';
import { diskError, fullDisk } from '../../src/cli/disk.ts';
import { UserError } from '../../src/numeric/errors.ts';
import { temporaryFolder, tinyExperiment } from '../experiment/tiny.ts';
import { cli } from './in-process.ts';
import { bin } from './run-cli.ts';

const systemError = (code: string, path?: string) => Object.assign(new Error(code), { code, path, syscall: 'open' });

test('a full disk is one line, wherever it is met', () => {
  const error = fullDisk(new Error('map.png', { cause: systemError('ENOSPC', 'map.png') }));
  expect(error).toBeInstanceOf(Failure);
  expect((error as Error).message).toBe('map.png: the disk is full (ENOSPC); make room, and start again');
  const others = [systemError('EACCES', 'a'), new Error('broken'), diskError(systemError('ENOSPC'), 'out'), undefined];
  expect(others.map(fullDisk)).toEqual(others);
});

describe('diskError', () => {
  test('a full disk is a failure, whatever says so', () => {
    const wrapped = new Error('tiny/scenes/a/srd/none: ENOSPC', { cause: systemError('ENOSPC') });
    expect(diskError(wrapped, 'out')).toBeInstanceOf(Failure);
    expect(diskError(wrapped, 'out')).toMatchObject({ message: expect.stringMatching(/^out: the disk is full/) });
  });

  test('a folder that may not be written to is a mistake', () => {
    expect(diskError(systemError('EACCES', 'out/lock.1'), 'out')).toBeInstanceOf(UserError);
    expect(diskError(systemError('EROFS', 'out'), './out/')).toBeInstanceOf(UserError);
  });

  test('what happens elsewhere, or is no matter of the disk, stays as it is', () => {
    const errors = [systemError('EACCES', 'outside'), systemError('EPIPE'), new Error('broken metric'), undefined];
    expect(errors.map((error) => diskError(error, 'out'))).toEqual(errors);
  });
});

test('a file in place of the folder: one line and code 2', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'out');
  await writeFile(file, '');
  const config = await tinyExperiment(folder);
  expect(await cli('experiment', '--quiet', '--config', config, '--out', join(file, 'run'))).toEqual({
    code: 2,
    stdout: '',
    stderr: `${file}/run: cannot be written to (ENOTDIR); choose another folder with --out\n`,
  });
}, 60_000);

describe('where nothing can be written: one line and code 2, before work that would never end', () => {
  const scenes = ['--model', 'zoo:scenes-vgg'];
  test.each<[string, (out: string) => readonly string[]]>([
    ['apop', (out) => ['apop', ...scenes, '--limit', '200000', '--out', out]],
    ['train', (out) => ['train', '--net', 'scenes-vgg', '--epochs', '1000000', '--out', out]],
    [
      'fool-model',
      (out) => ['fool-model', ...scenes, '--explainer', 'gradient', '--steps', '1000000', '--out', `${out}/a.onnx`],
    ],
    ['paper', (out) => ['paper', '--page', `${out}/page.md`]],
    [
      '--cache',
      (out) => ['experiment', '--config', 'experiments/quickstart.yaml', '--cache', out, '--out', `${out}/run`],
    ],
    ['an APOP config', (out) => ['experiment', '--config', 'experiments/paper/apop-scenes.yaml', '--out', out]],
  ])('%s', async (_, args) => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    for (const place of [join(file, 'out'), ...(existsSync('/proc/self') ? ['/proc/nowhere'] : [])]) {
      const { code, stdout, stderr } = await cli(...args(place));
      expect(stderr).toMatch(
        new RegExp(`^${place}.*: cannot be written (to )?\\((ENOTDIR|EEXIST|ENOENT)\\); choose another .*\n$`),
      );
      expect([code, stdout]).toEqual([2, '']);
    }
  });
});

/** Runs a shell command where it may mount file systems of its own. */
const mounting = (command: string, cwd = '.') =>
  spawnSync('unshare', ['--map-root-user', '--mount', 'sh', '-c', command], { cwd, encoding: 'utf8' });
const mayMount = mounting('mount -t tmpfs none /mnt').status === 0;

describe.skipIf(!mayMount)(`on a small disk${mayMount ? '' : ' (this machine lets nobody mount one)'}`, () => {
  const experiment = `'${process.execPath}' '${bin}' experiment --workers 1 --config config.yaml`;

  test('that is full: one line, code 1, and on a larger one the run goes on', async () => {
    const folder = await temporaryFolder();
    const config = await tinyExperiment(folder, {
      dataset: '{ kind: scenes, count: 6 }',
      explainers: '[srd, random]',
      attacks: '[gaussian-noise]',
      metrics: '[sparseness]',
      heatmaps: '0',
    });
    await Promise.all(['small', 'kept'].map((name) => mkdir(join(folder, name))));
    const { status, stderr } = mounting(
      `mount -t tmpfs -o size=20k none small && ${experiment} --quiet --out small; code=$?; cp -r small/. kept; exit $code`,
      folder,
    );
    expect(stderr).toBe(
      'small: the disk is full (ENOSPC); finished units are kept: make room, and the same command goes on\n',
    );
    expect(status).toBe(1);
    const run = (out: string) => cli('experiment', '--workers', '1', '--config', config, '--out', join(folder, out));
    expect((await run('kept')).stderr).toMatch(/24 units \(\d+ computed, [1-9]\d* from before\)/);
    await run('straight');
    const results = (out: string) => readFile(join(folder, out, 'results.csv'), 'utf8');
    expect(await results('kept')).toBe(await results('straight'));
  }, 120_000);

  test('that is read-only: one line and code 2', async () => {
    const folder = await temporaryFolder();
    await tinyExperiment(folder);
    await mkdir(join(folder, 'out'));
    const { status, stderr } = mounting(`mount -t tmpfs -o ro none out && ${experiment} --quiet --out out`, folder);
    expect(stderr).toBe('out: cannot be written to (EROFS); choose another folder with --out\n');
    expect(status).toBe(2);
  }, 120_000);
});
