import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { temporaryFolder } from '../experiment/tiny.ts';
import { runCli } from './run-cli.ts';

test('apop writes the same bytes each time', async () => {
  const folder = await temporaryFolder();
  const run = (out: string) =>
    runCli(
      ['apop', '--model', 'zoo:scenes-vgg', '--limit', '6', '--reference', 'black', 'noise', '--out', out],
      folder,
    );
  const { code, stdout, stderr } = await run('a');
  expect(stderr).toBe('18 rows: a/apop.csv, apop-summary.csv, and the chart apop.png, .svg, .pdf\n');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^the picture \(the net itself\) +\d+\.\d \[\d+\.\d, 100\.0\] \d\/6/m);
  expect(stdout).toMatch(/^\(guessing\) +10\.0 +50\.0$/m);
  await run('b');
  for (const file of ['apop.csv', 'apop-summary.csv', 'apop.png', 'apop.svg', 'apop.pdf'])
    expect((await readFile(join(folder, 'a', file))).equals(await readFile(join(folder, 'b', file)))).toBe(true);
});

describe('apop ends with code 2 and one line for', () => {
  test.each<[args: string[], message: RegExp]>([
    [['--model', 'a.onnx'], /^--preset: say how/],
    [['--model', 'a.onnx', '--mean', '0.5', '--std', '1', '1', '1'], /^--mean: expected three numbers/],
    [['--model', 'zoo:scenes-vgg', '--limit', '0'], /^--limit: expected a whole number/],
    [['--model', 'zoo:scenes-vgg', '--data', 'nowhere'], /nowhere: no such folder/],
    [['--model', 'zoo:scenes-vgg', '--data', 'docs'], /^docs: has no labels/],
  ])('%j', async (args, message) => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    onTestFinished(() => said.mockRestore());
    expect(await main(['apop', ...args])).toBe(2);
    expect(said.mock.calls).toEqual([[expect.stringMatching(message)]]);
  });
});
