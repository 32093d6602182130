import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../experiment/tiny.ts';

const page = await readFile(new URL('../../docs/extend.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language, text }));

test('what the page on attacks, metrics and datasets shows does what it says', async () => {
  const folder = await temporaryFolder();
  for (const { text } of blocks.filter(({ language }) => language !== 'sh'))
    await writeFile(join(folder, /^(?:#|\/\/) (\S+)\n/.exec(text)![1]), text);
  const [command] = blocks.filter(({ language }) => language === 'sh');
  const [, program, ...args] = command.text.trim().split(' ');
  expect(program).toBe('xai-gauntlet');
  const { code, stderr } = await runCli(args, folder);
  expect(code, stderr).toBe(0);
  const lines = (await readFile(join(folder, 'results/results.csv'), 'utf8'))
    .split('\n')
    .map((line) => line.split(','));
  const column = (name: string) => lines[0].indexOf(name);
  for (const explainer of ['gradient', 'grad-cam'])
    for (const [attack, metric] of [
      ['none', 'centre-mass'],
      ['shift', 'centre-mass'],
      ['shift', 'cosine:before-after'],
      ['none', 'pointing-game'],
    ]) {
      const own = lines.filter(
        (line) =>
          line[column('explainer')] === explainer &&
          line[column('attack')] === attack &&
          line[column('metric')] === metric,
      );
      expect(own.map((line) => line[column('sample')])).toEqual(['disc-0', 'disc-1', 'disc-2', 'disc-3']);
      for (const line of own) {
        const value = line[column('value')];
        if (value === '') expect(line[column('reason')]).not.toBe('');
        else expect(Math.abs(Number(value))).toBeLessThanOrEqual(1 + 1e-9);
      }
      expect(own.some((line) => line[column('value')] !== '')).toBe(true);
    }
}, 300_000);
