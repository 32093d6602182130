import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readNpz, writeNpy } from '../../src/numeric/npy.ts';
import { temporaryFolder, tinyExperiment, tinyNet } from '../experiment/tiny.ts';
import { cli } from './in-process.ts';
import { runCli } from './run-cli.ts';

describe('mistakes end with code 2 and one line', () => {
  test.each<[args: string[], message: RegExp]>([
    [[], /^name a command; see xai-gauntlet --help$/],
    [['lst'], /^Did you mean list\?/],
    [['list', 'nets'], /^Invalid values: Argument: kind, .*$/],
    [['experiment', '--config', 'a.yaml', '--config', 'a.yaml'], /^--config: given more than once$/],
    [['experiment', '--config', 'a.yaml', '--out', ''], /^out: is empty; give a value, or leave it out$/],
    [['apop', '--model', 'zoo:scenes-vgg', '--reference', 'black', '--out='], /^out: is empty/],
    [['verify', ''], /^run: is empty/],
    [
      ['explain', '--model', 'a.onnx', '--explainer', 'srd', '--image', 'a.jpg', '--out', 'a.npz', '--seed', 'x'],
      /^--seed: expected a whole number/,
    ],
    [['experiment'], /^Missing required argument: config/],
    [['verify'], /^expected verify <run>; see xai-gauntlet --help$/],
    [['experiment', '--config', 'a.yaml', '--measure', '5'], /^--measure: only --plan measures/],
    [['apop', '--model', 'zoo:scenes-vgg', '--preset', 'none'], /^--preset: a net of the zoo brings its own/],
    [['experiment', '--config', 'nope.yaml'], /^nope\.yaml: cannot read the config \(ENOENT\)/],
    [['experiment', '--confg', 'a.yaml', '--config', 'a.yaml'], /Unknown argument: confg/],
    [['experiment', '--config', 'a.yaml', '--threads', 'x'], /^--threads: expected a whole number/],
    [['experiment', '--config', 'a.yaml', '--engine', 'cuda'], /^--engine cuda: expected one of ort:cpu, /],
    [['explain', '--model', 'a.onnx', '--explainer', 'srd', '--out', 'a.npz'], /^give a picture, by --image, /],
    [
      ['explain', '--model', 'a.onnx', '--explainer', 'srd', '--out', 'a.npz', '--image', 'a.png', '--scene', '0'],
      /^give a picture, by --image, --input or --scene$/,
    ],
    [
      ['explain', '--model', 'a.onnx', '--explainer', 'srd', '--out', 'a.npz', '--scene', '-1'],
      /^--scene: expected a whole number of at least 0$/,
    ],
    [
      ['explain', '--model', 'a.onnx', '--explainer', 'srdd', '--image', 'a.jpg', '--out', 'a.npz'],
      /did you mean "srd"/,
    ],
    [
      ['explain', '--model', 'a.onnx', '--explainer', 'srd', '--image', 'a.jpg', '--out', 'a.npz'],
      /^--preset: say how/,
    ],
    [
      ['explain', '--model', 'a.onnx', '--explainer', 'srd', '--image', 'a.jpg', '--out', 'a.npz', '--position', '7'],
      /^--position 7: expected row,column such as 7,5/,
    ],
    [
      ['explain', '--model', 'a.onnx', '--explainer', 'ig', '--image', 'a.jpg', '--out', 'a.npz', '--layer', 'relu1'],
      /^--layer: unknown key "layer"/,
    ],
  ])('%j', async (args, message) => {
    const { code, stderr } = await cli(...args);
    expect(stderr.trimEnd()).toMatch(message);
    expect(stderr.match(/\n/g)).toHaveLength(1);
    expect(code).toBe(2);
  });
});

test('--help and --version', async () => {
  expect(await runCli(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('experiment') as string });
  expect((await runCli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('list --json says all of every definition', async () => {
  const { stdout, code } = await runCli(['list', '--json']);
  expect(code).toBe(0);
  const all = JSON.parse(stdout) as Record<string, { name: string; options: { name: string; default?: unknown }[] }[]>;
  expect(Object.keys(all)).toEqual(['explainers', 'attacks', 'metrics', 'datasets', 'zoo']);
  const pgd = all.attacks.find(({ name }) => name === 'pgd');
  expect(pgd?.options).toContainEqual(expect.objectContaining({ name: 'randomStart', default: true }));
});

test('list as text', async () => {
  expect((await runCli(['list', 'explainers'])).stdout).toMatch(/ig +Integrated Gradients .*\n +steps = 50/);
});

test('doctor --json', async () => {
  const { code, stdout } = await runCli(['doctor', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ name: 'onnxruntime', ok: true, needed: true }));
});

test('experiment --plan says what is to be done and what it takes', async () => {
  const folder = await temporaryFolder();
  const { code, stdout } = await runCli(['experiment', '--config', await tinyExperiment(folder), '--plan'], folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^tiny: 45 units of work on 3 samples, at most 702 rows\n[^]*\nestimate: /);
});

test('explain says in one line where it cannot write', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'tiny.onnx'), tinyNet());
  await writeFile(join(folder, 'x.npy'), writeNpy({ shape: [1, 3, 16, 16], data: new Float32Array(768) }));
  const [model, input] = ['tiny.onnx', 'x.npy'].map((name) => join(folder, name));
  const args = ['--model', model, '--preset', 'none', '--input', input, '--explainer', 'gradient'];
  const { code, stderr } = await cli('explain', ...args, '--out', folder);
  expect(stderr).toBe(`${folder}: cannot be written (EISDIR); choose another place\n`);
  expect(code).toBe(2);
});

test('explain writes the attribution and a picture', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'tiny.onnx'), tinyNet());
  const data = Float32Array.from({ length: 768 }, (_, i) => (i % 17) / 17);
  await writeFile(join(folder, 'x.npy'), writeNpy({ shape: [1, 3, 16, 16], data }));
  const args = ['explain', '--model', 'tiny.onnx', '--preset', 'none', '--input', 'x.npy', '--explainer', 'ig'];
  const options = [
    '--option',
    'steps=8',
    '--option',
    'rule=trapezoid',
    '--target',
    '3',
    '--out',
    'a.npz',
    '--png',
    'a.png',
  ];
  const { code, stdout, stderr } = await runCli([...args, ...options], folder);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toMatch(/explained 3 \(class 3\) by ig: a\.npz, a\.png\n$/);
  const { attribution, target } = readNpz(await readFile(join(folder, 'a.npz')));
  expect(attribution.shape).toEqual([3, 16, 16]);
  expect([...target.data]).toEqual([3]);
  expect((await readFile(join(folder, 'a.png'))).subarray(1, 4).toString()).toBe('PNG');

  const field = ['--explainer', 'srd-apop', '--position', '1,2', '--out', 'f.npz', '--png', 'f.png'];
  const drawn = await runCli([...args.slice(0, -2), ...field], folder);
  expect(drawn).toMatchObject({ code: 0, stderr: '' });
  expect(drawn.stdout).toMatch(/explained .+ at \[1,2\] by srd-apop: f\.npz, f\.png\n$/);
  const { attribution: erf } = readNpz(await readFile(join(folder, 'f.npz')));
  expect(Array.from(erf.data, Number).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);

  const wrong = await runCli([...args, '--option', 'stps=8', '--out', 'a.npz'], folder);
  expect(wrong).toMatchObject({ code: 2, stderr: '--option: unknown key "stps"; did you mean "steps"?\n' });
});
