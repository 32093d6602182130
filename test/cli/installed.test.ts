import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../../reports/page/bundle.ts';
import type { Ended } from './run-cli.ts';

/** A project that has the package installed. */
let project: string;

const read = async <T>(file: string) => JSON.parse(await readFile(file, 'utf8')) as T;

/** Packages that come with this one when it is installed: those of the lock file that are not for its development only. */
async function dependencies(): Promise<string[]> {
  type Lock = Readonly<Record<'packages', Readonly<Record<string, { dev?: boolean; devOptional?: boolean }>>>>;
  const { packages } = await read<Lock>('package-lock.json');
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !dev && !devOptional)
    .map(([path]) => path)
    .filter((path) => existsSync(path));
}

/** Installs what `npm pack` would pack. In place of what `npm run build` makes, it has the JavaScript that a clone runs: types are not tried here. */
async function install(): Promise<void> {
  const home = join(project, 'node_modules', 'xai-gauntlet');
  const isCode = (path: string) => !path.endsWith('.map');
  const { files } = await read<{ files: string[] }>('package.json');
  for (const name of ['package.json', ...files])
    if (name !== 'dist') await cp(name, join(home, name), { recursive: true });
  // Makes it, where sources are newer.
  await node(resolve('bin/xai-gauntlet.mjs'), '--version');
  for (const room of ['src', 'attacks', 'metrics', 'reports'])
    await cp(join('.cache', room), join(home, 'dist', room), { recursive: true, filter: isCode });
  const { script, style } = await bundle();
  await writeFile(join(home, 'dist/reports/page/client.js'), script);
  await writeFile(join(home, 'dist/reports/page/client.css'), style);
  for (const path of await dependencies()) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await symlink(resolve(path), join(project, path));
  }
}

/** Runs Node in the project. */
function node(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, args, { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  return new Promise((done) => child.on('close', (code) => done({ code, stdout, stderr })));
}

const gauntlet = (...args: readonly string[]) => node('node_modules/xai-gauntlet/bin/xai-gauntlet.mjs', ...args);

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'gauntlet-'));
  await writeFile(join(project, 'package.json'), '{ "name": "project", "private": true, "type": "commonjs" }');
  await install();
  const page = await readFile('docs/new-explainer.md', 'utf8');
  const [, plugin] = /^```ts\n(.*?)^```$/ms.exec(page)!;
  for (const name of ['mine.ts', 'mine.js', 'mine.mjs']) await writeFile(join(project, name), plugin);
}, 60_000);
afterAll(() => rm(project, { recursive: true, force: true }));

test('says what it is and what it has, and finds that all of it works', async () => {
  const { version } = await read<{ version: string }>('package.json');
  expect(await gauntlet('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  expect((await gauntlet('list', 'zoo')).stdout).toContain('scenes-vgg');
  const { code, stdout } = await gauntlet('doctor', '--json');
  const findings = JSON.parse(stdout) as { name: string; ok: boolean; needed: boolean }[];
  expect(findings.filter(({ ok, needed }) => needed && !ok)).toEqual([]);
  expect(findings).toContainEqual(expect.objectContaining({ name: 'typescript plug-ins', ok: true }));
  expect(code).toBe(0);
}, 60_000);

test.each(['mine.ts', 'mine.js', 'mine.mjs'])(
  'takes the plug-in of the documentation as %s',
  async (file) => {
    const args = ['--model', 'zoo:scenes-vgg', '--scene', '0', '--plugin', file, '--explainer', 'abs-gradient-input'];
    const { code, stdout, stderr } = await gauntlet('explain', ...args, '--png', `${file}.png`);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/explained 0 \(striped disc\) by abs-gradient-input/);
    expect(code).toBe(0);
  },
  60_000,
);

test('runs an experiment with a plug-in by processes of its own, to a page that has its script', async () => {
  await writeFile(
    join(project, 'mine.yaml'),
    `name: mine
models: [{ zoo: scenes-vgg }]
dataset: { kind: scenes, count: 2 }
plugins: [./mine.ts]
explainers: [abs-gradient-input, random]
attacks: [gaussian-noise]
metrics: [pointing-game]
heatmaps: 1
`,
  );
  const { code, stderr } = await gauntlet('experiment', '--config', 'mine.yaml', '--out', 'out', '--workers', '2');
  expect(stderr).toMatch(/8 units \(8 computed, 0 from before\)/);
  expect(code).toBe(0);
  expect(await readFile(join(project, 'out/report.html'), 'utf8')).toContain('<noscript>This page needs JavaScript');
  const plan = ['experiment', '--config', 'node_modules/xai-gauntlet/experiments/quickstart.yaml', '--plan'];
  expect((await gauntlet(...plan, '--measure', '0')).stdout).toMatch(/^quickstart: \d+ units of work/);
}, 60_000);

test('is a library', async () => {
  const program = `import { loadModel, defineExplainer } from 'xai-gauntlet';
    const file = 'node_modules/xai-gauntlet/zoo/scenes-vgg.onnx';
    console.log((await loadModel({ file, preprocessing: 'none' })).classes, typeof defineExplainer);`;
  expect(await node('--input-type=module', '-e', program)).toEqual({ code: 0, stdout: '10 function\n', stderr: '' });
}, 60_000);
