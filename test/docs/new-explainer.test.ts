import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../experiment/tiny.ts';

const page = await readFile(new URL('../../docs/new-explainer.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language, text }));

/** The page's experiment, made small. */
const reduced = (text: string) => text.replace(/(count|samples): \d+/g, '$1: 2').replace(/steps: \d+/, 'steps: 2');

test('what the page on new explainers shows does what it says', async () => {
  const folder = await temporaryFolder();
  for (const { language, text } of blocks) {
    if (language === 'sh') {
      const [, program, ...args] = text.trim().split(' ');
      expect(program).toBe('xai-gauntlet');
      const { code, stderr } = await runCli(args, folder);
      expect(code, stderr).toBe(0);
    } else {
      const [, name] = /^(?:#|\/\/) (\S+)\n/.exec(text)!;
      await writeFile(join(folder, name), reduced(text));
    }
  }
  const read = (file: string) => readFile(join(folder, file), 'utf8');
  expect((await read('map.png')).length).toBeGreaterThan(0);
  const lines = (await read('results/results.csv')).split('\n');
  for (const explainer of ['abs-gradient-input', 'smooth'])
    for (const row of ['none,pointing-game', 'targeted-manipulation,pearson:before-after'])
      expect(lines.filter((line) => line.includes(`${explainer},${row},`)).length, `${explainer},${row}`).toBe(2);
  expect(await read('results/pairwise.csv')).toContain('none,deletion,lower,srd-apop,abs-gradient-input,2,0,');
  for (const [file] of page.matchAll(/(?<=`)\w+\.csv(?=`)/g)) expect(await read(`results/${file}`)).toMatch(/^model,/);
}, 300_000);
