import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder, tinyExperiment } from '../experiment/tiny.ts';
import { cli } from './in-process.ts';
import { runCli } from './run-cli.ts';

const plugin = `
import { defineExplainer, graph as g, targetLogit, z } from 'xai-gauntlet';
const define = (name: string, gain: number) => defineExplainer({
  name,
  title: name,
  paper: 'test',
  options: z.strictObject({}),
  attribution({ model, target }) {
    const [gradient] = g.grad(targetLogit(model, target), [model.input]);
    return g.mul(g.mul(gradient, model.input), gain);
  },
});
export const mine = define('mine', 1);
`;

const few = { attacks: '[{ use: pgd, steps: 2 }]', metrics: '[deletion, ssim]', heatmaps: '0' };

test('compares a plug-in with what the config lists, and goes on where it was', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'mine.ts'), plugin);
  const config = await tinyExperiment(folder, {
    ...few,
    explainers: '[{ use: srd, as: other, bias: renormalise }, ig]',
  });
  const args = [
    'compare',
    '--explainer',
    './mine.ts',
    '--against',
    'other',
    '--config',
    config,
    '--threads',
    '1',
    '--workers',
    '1',
  ];
  const first = await runCli([...args, '--quiet'], folder);
  const out = 'runs/compare-mine-other-tiny';
  expect(first.stderr).toMatch(new RegExp(`^12 units \\(12 computed, 0 from before\\), .* ${out}/report\\.html`));
  expect(first.code).toBe(0);
  expect(first.stdout).toMatch(
    /^mine - other, sample by sample\n\nattack +metric +goal +n +difference +95 % interval +p +holm p +mine\n/,
  );
  expect(first.stdout).toMatch(/^none +deletion +lower +3 +-?[\d.e-]+ +\[.*\] +[\d.]+ +1\.00 +not shown$/m);
  expect(first.stdout).toMatch(
    /\n\nNothing is shown: of 3 comparisons, .* With 3 samples nothing could be shown: it takes 7 or more\..*\n$/,
  );
  const record = JSON.parse(await readFile(join(folder, out, 'run.json'), 'utf8')) as {
    config: { explainers: object[] };
  };
  expect(record.config.explainers).toMatchObject([
    { name: 'mine' },
    { name: 'other', options: { bias: 'renormalise' } },
  ]);

  const again = await runCli([...args, '--quiet', '--json'], folder);
  expect(again.stderr).toMatch(/^12 units \(0 computed, 12 from before\)/);
  const { lines, ...rest } = JSON.parse(again.stdout) as { lines: object[] };
  expect(rest).toMatchObject({ explainer: 'mine', other: 'other', out });
  expect(lines).toHaveLength(3);
}, 60_000);

test('takes built-in names, with SRD-APOP as the other by default', async () => {
  const folder = await temporaryFolder();
  const config = await tinyExperiment(folder, few);
  const { stdout } = await cli('compare', '--explainer', 'gradient', '--config', config, '--plan', '--measure', '0');
  expect(stdout).toMatch(/^compare-gradient-srd-apop-tiny: 12 units of work on 3 samples/);
});

test('says what is wrong', async () => {
  const folder = await temporaryFolder();
  const config = await tinyExperiment(folder, few);
  const refused = async (explainer: string, ...args: string[]) => {
    const { code, stderr } = await cli('compare', '--config', config, '--explainer', explainer, ...args);
    expect(code).toBe(2);
    return stderr.replaceAll(`${folder}/`, '');
  };
  expect(await refused('srdd')).toBe('--explainer: no explainer "srdd"; did you mean "srd"?\n');
  expect(await refused('srd', '--against', 'srd')).toMatch(/^--against: both explainers are called "srd"/);
  expect(await refused(join(folder, 'nope.ts'))).toMatch(/^--explainer: cannot read the plug-in nope\.ts \(ENOENT\)/);
  expect(await refused('srd', '--threads', '0')).toMatch(/^--threads: expected a whole number/);
  const several = join(folder, 'several.mjs');
  const made = (name: string) =>
    `{ name: '${name}', title: '', paper: '', options: { safeParse: (data) => ({ success: true, data }) }, attribution() {} }`;
  await writeFile(several, `export const a = ${made('one')};\nexport const b = ${made('two')};\n`);
  expect(await refused(several)).toMatch(
    /^--explainer: several\.mjs defines several explainers; name one, as in several\.mjs#one \(one, two\)/,
  );
  expect(await refused(`${several}#three`)).toMatch(
    /^--explainer: several\.mjs defines no explainer "three" \(there are: one, two\)/,
  );
  await writeFile(join(folder, 'metric.mjs'), `export const m = { name: 'm', options: {}, score() {} };\n`);
  expect(await refused(join(folder, 'metric.mjs'))).toMatch(/^--explainer: metric\.mjs defines no explainer/);
});

test('does not overlook that a config asks for a queue', async () => {
  const config = await tinyExperiment(await temporaryFolder(), { ...few, executor: 'bullmq' });
  const { code, stderr } = await cli('compare', '--explainer', 'srd', '--config', config);
  expect(stderr).toMatch(
    /config\.yaml:\d+:\d+: compare computes in this process and its workers, not by a queue; .*\n$/,
  );
  expect(code).toBe(2);
});
