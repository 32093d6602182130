import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import yargs from 'yargs';
import { kindOfConfig, readApopConfig } from '../../src/apop/config.ts';
import { commands } from '../../src/cli/commands.ts';
import { readConfig } from '../../src/experiment/config.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { cli } from '../cli/in-process.ts';
import { encodePng } from '../data/encode-png.ts';
import { commandsOf, pages } from './read-commands.ts';

/** Commands that are only checked for their script or options, each with the reason why it is not run here. */
const notRun: readonly (readonly [command: RegExp, reason: string])[] = [
  [/^npm (ci|test)$/, 'CI runs it'],
  [/^npm run (lint|typecheck|build|docs|package|kernel)$/, 'CI runs it, or nothing here depends on it'],
  [/^npm run bench -- /, 'takes minutes, and timings are of no use here'],
  [/^npm i /, 'installs what only some readers want'],
  [/^npm rebuild /, 'fetches what only readers with an NVIDIA GPU want'],
  [/^vitest run /, 'a test of its own'],
  [/^tsx bench\//, 'takes minutes, and wants other libraries beside it'],
  [/ my-explainer\.ts |--config mine\.yaml/, 'a walk-through: its own test runs it'],
  [/^npm run paper$/, 'takes half an hour: test/cli/paper.test.ts runs one of its tables'],
  [/^xai-gauntlet fool-model /, 'trains for minutes: test/cli/fool-model.test.ts'],
  [/^xai-gauntlet worker /, 'needs a Redis: test/cli/worker.test.ts'],
  [/^xai-gauntlet merge /, 'needs shards: test/experiment/shard.test.ts'],
  [/^xai-gauntlet verify /, 'needs a finished run: test/experiment/verify.test.ts'],
  [/^xai-gauntlet table /, 'needs a finished run: test/cli/table.test.ts'],
  [/^xai-gauntlet train /, 'takes minutes: test/train trains small nets'],
  [/^xai-gauntlet import /, "needs the reader's file: test/cli/import.test.ts"],
  [/^xai-gauntlet metric-check /, 'needs a finished run: test/reports/metric-check.test.ts tries what it does'],
  [/^xai-gauntlet (?!list|doctor)[a-z]+$/, 'names the command'],
  [/--config (FILE|my-experiment)\.yaml/, "stands for the reader's own file"],
];

/** What stands for a file or a layer that the reader has and this test has not. */
const standIns: Readonly<Record<string, string>> = {
  'vgg16.onnx': 'zoo/scenes-vgg.onnx',
  'resnet50.onnx': 'zoo/scenes-vgg.onnx',
  'squeezenet1_1.onnx': 'zoo/scenes-vgg.onnx',
  'mobilenet_v2.onnx': 'zoo/scenes-vgg.onnx',
  'dog.jpg': '<folder>/dog.png',
  'coco-masks': 'scenes',
  relu5_3: 'relu4_1',
  './my-explainer.ts': 'gradient',
};

/** What makes a command small. */
const small: Readonly<Record<string, readonly string[]>> = {
  experiment: ['--plan', '--measure', '0'],
  compare: ['--plan', '--measure', '0'],
  apop: ['--limit', '2', '--out', '<folder>/apop'],
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-'));
  vi.stubEnv('XAI_DATA', folder);
  const data = Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => (i % 61) / 61);
  writeFileSync(join(folder, 'dog.png'), await encodePng(tensor([3, 64, 64], data)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** `npx xai-gauntlet ...` and the scripts of package.json that stand for it, as `xai-gauntlet ...`. */
const canonical = (text: string) =>
  text
    .replace(/^npx /, '')
    .replace(/^npm run (?:xai --|(experiment|train)(?: --)?)/, (_, name = '') => `xai-gauntlet ${name}`);

/** Parses a command line and runs nothing. Throws for a command or an option that is not there. */
async function parseOnly(args: readonly string[]): Promise<Record<string, unknown>> {
  const parser = yargs(args).strict().demandCommand(1).exitProcess(false).help(false).version(false);
  parser.fail((message, error) => {
    throw error ?? new Error(message);
  });
  for (const { usage, load } of commands) parser.command(usage, '', async (y) => (await load()).builder(y));
  return parser.parseAsync();
}

/** Makes the files that a config finds in ${XAI_DATA}: reading a config asks whether they are there, and reads names of classes. */
function makeData(config: string): void {
  for (const [, path] of readFileSync(config, 'utf8').matchAll(/\$\{XAI_DATA\}\/([\w./-]+)/g)) {
    const file = join(folder, path);
    if (existsSync(file)) continue;
    mkdirSync(dirname(file), { recursive: true });
    if (/\.\w+$/.test(path)) writeFileSync(file, path.endsWith('.csv') ? 'label,name\n0,dog\n' : '');
  }
}

const scripts = (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }).scripts;
const documented = pages().flatMap(commandsOf);
const distinct = [...new Map(documented.map((command) => [canonical(command.text), command])).entries()];

test('there are commands to check', () => expect(distinct.length).toBeGreaterThan(10));

describe('the documentation says', () => {
  test.each(distinct.map(([text, { place }]) => [text, place]))('%s (%s)', async (text) => {
    const exempt = notRun.some(([command]) => command.test(text));
    const [program, ...args] = text.split(/\s+/);
    if (program !== 'xai-gauntlet') {
      expect(exempt, 'run it here, or say in notRun why not').toBe(true);
      const script = /^npm run (\S+)/.exec(text)?.[1];
      if (program === 'tsx') expect(existsSync(args[0])).toBe(true);
      if (script !== undefined) expect(Object.keys(scripts)).toContain(script);
      return;
    }
    if (args.length === 1) {
      expect(commands.map(({ usage }) => usage.split(' ')[0])).toContain(args[0]);
      if (exempt) return;
    }
    const real = args.map((arg) => (standIns[arg] ?? arg).replace('<folder>', folder));
    // Words in capitals stand for values: DIR, N.
    const parsed = await parseOnly(real.map((arg) => (/^[A-Z]+$/.test(arg) ? '1' : arg)));
    if (exempt) return;
    if (typeof parsed.config === 'string') {
      makeData(parsed.config);
      await ((await kindOfConfig(parsed.config)) === 'apop' ? readApopConfig : readConfig)(parsed.config);
      if (readFileSync(parsed.config, 'utf8').includes('XAI_DATA')) return;
    }
    const out = real.map((arg) => (/^[\w-]+\.(png|npz)$/.test(arg) ? join(folder, arg) : arg));
    const extra = (small[args[0]] ?? []).map((arg) => arg.replace('<folder>', folder));
    const { code, stdout, stderr } = await cli(...out, ...extra);
    expect(stderr).not.toMatch(/Error/);
    expect(code).toBe(0);
    expect(stdout).not.toBe('');
  });
});

test('what is not there is found out', async () => {
  await expect(parseOnly(['explain', '--model', 'a', '--explainer', 'srd', '--nope'])).rejects.toThrow(
    /Unknown argument: nope/,
  );
  await expect(parseOnly(['explian'])).rejects.toThrow(/Unknown argument: explian/);
});

test('no exemption is idle', () => {
  const idle = notRun.filter(([command]) => !distinct.some(([text]) => command.test(text)));
  expect(idle.map(([command]) => String(command))).toEqual([]);
});
