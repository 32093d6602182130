import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder, tinyExperiment } from '../experiment/tiny.ts';
import { cli } from './in-process.ts';
import { runCli, start } from './run-cli.ts';

const linesOf = async (file: string) => (await readFile(file, 'utf8').catch(() => '')).split('\n').length - 1;

/** Waits until a run has finished some units, or has ended. */
async function untilUnits(file: string, count: number, ended: Promise<unknown>): Promise<void> {
  let over = false;
  void ended.then(() => (over = true));
  while (!over && (await linesOf(file)) < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

const alone = ['experiment', '--threads', '1', '--workers', '1'];

// Enough work that neither signal comes after its end.
const long = {
  attackBatch: '2',
  dataset: '{ kind: scenes, count: 12 }',
  attacks: '[{ use: pgd, steps: 40 }, gaussian-noise]',
};

test('a run that was killed, then interrupted, goes on and ends with the bytes of one that was not', async () => {
  const folder = await temporaryFolder();
  // One thread: several would wait for each other on a busy machine.
  const args = [
    'experiment',
    '--threads',
    '1',
    '--workers',
    '2',
    '--config',
    await tinyExperiment(folder, long),
    '--out',
  ];
  const units = join(folder, 'out', 'units.jsonl');

  const first = start([...args, 'out'], folder);
  await untilUnits(units, 30, first.ended);
  first.process.kill('SIGSTOP');
  const rival = await runCli([...args, 'out'], folder);
  expect(rival).toMatchObject({ code: 2, stderr: expect.stringMatching(/another run .* is writing to out/) as string });
  first.process.kill('SIGKILL');
  await first.ended;
  expect(await linesOf(units)).toBeLessThan(144);

  const second = start([...args, 'out'], folder);
  await untilUnits(units, (await linesOf(units)) + 10, second.ended);
  second.process.kill('SIGINT');
  const { code, stderr } = await second.ended;
  expect(code).toBe(130);
  expect(stderr).toMatch(
    /stopped at \d+ of 144 units; what is done is kept; to go on: xai-gauntlet experiment --config .* --out out --threads 1\n$/,
  );

  const third = await runCli([...args, 'out'], folder);
  expect(third.code).toBe(0);
  expect(third.stderr).toMatch(/144 units \(\d+ computed, [1-9]\d* from before\)/);
  expect((await runCli([...args, 'straight'], folder)).code).toBe(0);
  const results = (out: string) => readFile(join(folder, out, 'results.csv'), 'utf8');
  expect(await results('out')).toBe(await results('straight'));
}, 120_000);

test('Ctrl-C twice ends a run at once and loses no finished unit', async () => {
  const folder = await temporaryFolder();
  const attacked = (steps: number) =>
    tinyExperiment(folder, {
      dataset: '{ kind: scenes, count: 2 }',
      explainers: '[srd]',
      attacks: `[{ use: targeted-manipulation, steps: ${steps} }]`,
    });
  const out = join(folder, 'out');
  const args = [...alone, '--config', await attacked(1_000_000), '--out', out];
  const { process, ended, stderr } = start(args, folder);
  await untilUnits(join(out, 'units.jsonl'), 1, ended);
  process.kill('SIGINT');
  await expect.poll(stderr, { timeout: 20_000 }).toMatch(/stopping after the unit at work; once more stops at once/);
  process.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, stderr: expect.not.stringMatching(/stopped:/) as string });

  await attacked(2);
  expect((await cli(...args)).stderr).toMatch(/4 units \(3 computed, 1 from before\)/);
}, 120_000);

const plugin = `
import { defineDataset, defineExplainer, defineMetric, graph as g, makeSample, targetLogit, tensor, z } from 'xai-gauntlet';

export default defineExplainer({
  name: 'mine',
  title: 'Gradient times input',
  paper: 'test',
  options: z.strictObject({ gain: z.number().default(1) }),
  attribution({ model, target, options }: any) {
    const [gradient] = g.grad(targetLogit(model, target), [model.input]);
    return g.mul(g.mul(gradient, model.input), options.gain);
  },
});

export const count = defineMetric({
  kind: 'map',
  name: 'positive-share',
  title: 'Share of positive pixels',
  paper: 'test',
  better: 'higher',
  range: [0, 1],
  heatmap: { channels: 'sum', sign: 'signed', normalise: 'none' },
  needs: [],
  options: z.strictObject({}),
  score: ({ heatmap }: any) => ({ value: heatmap.values.filter((v: number) => v > 0).length / heatmap.values.length }),
});

export const stripes = defineDataset({
  name: 'stripes',
  title: 'Stripes',
  options: z.strictObject({ count: z.int().default(2) }),
  async open({ count }: any, { size: [height, width] }: any) {
    const ids = Array.from({ length: count }, (_, i) => \`stripe-\${i}\`);
    const picture = (i: number) => tensor([3, height, width], Array.from({ length: 3 * height * width }, (_, p) => (p % (i + 2)) / (i + 2)));
    return { name: 'stripes', provides: [], ids, load: async (i: number) => makeSample({ id: ids[i], image: picture(i) }) };
  },
});
`;

test('a plug-in in TypeScript, outside of any package, is on a par with what is built in', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'mine.ts'), plugin);
  const config = await tinyExperiment(folder, {
    plugins: '[./mine.ts]',
    dataset: '{ kind: stripes, count: 2 }',
    explainers: '[srd, { use: mine, gain: 2 }]',
    attacks: '[{ use: targeted-manipulation, steps: 2 }]',
    metrics: '[positive-share, ssim]',
  });
  const { code, stderr } = await runCli([...alone, '--config', config, '--out', 'out'], folder);
  expect(stderr).toMatch(/8 units \(8 computed/);
  expect(code).toBe(0);
  const csv = await readFile(join(folder, 'out', 'results.csv'), 'utf8');
  expect(csv).toMatch(/^tiny,stripes,stripe-0,,\d,\d,mine,targeted-manipulation,positive-share,0\.\d+,,$/m);
}, 120_000);

test("a failure that is nobody's mistake ends with code 1 and says in which unit", async () => {
  const folder = await temporaryFolder();
  const failing = plugin.replace(
    'score: ({ heatmap }: any) =>',
    "score: ({ heatmap }: any) => { throw new Error('broken metric'); } //",
  );
  await writeFile(join(folder, 'mine.ts'), failing.replace(/\/\/ \(\{ value.*$/m, ','));
  const config = await tinyExperiment(folder, { plugins: '[./mine.ts]', metrics: '[positive-share]' });
  const { code, stderr } = await runCli([...alone, '--config', config, '--out', 'out'], folder);
  expect(stderr).toMatch(/Error: tiny\/scenes\/test-0-0\/srd\/none: broken metric/);
  expect(code).toBe(1);
}, 120_000);
