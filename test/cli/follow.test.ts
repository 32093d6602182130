import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measureThroughput, throughputLines } from '../../src/cli/follow/throughput.ts';
import { temporaryFolder, tinyExperiment } from '../experiment/tiny.ts';
import { cli } from './in-process.ts';

/** A throughput whose clock stands at `at` seconds. */
function onClock() {
  const clock = { at: 0 };
  return { clock, throughput: measureThroughput(() => 1000 * clock.at) };
}

const unit = (done: number, spent?: { explainer: string; attack: string; seconds: number }) => ({
  done,
  total: 10,
  unit: 'u',
  spent,
  rows: () => [],
});

test('throughput counts what was computed, and leaves out what was there', () => {
  const { clock, throughput } = onClock();
  expect(throughput.get()).toMatchObject({ computed: 0, secondsLeft: null });
  throughput.add(unit(4));
  clock.at = 2;
  throughput.add(unit(5, { explainer: 'srd', attack: 'none', seconds: 0.5 }));
  clock.at = 4;
  throughput.add(unit(6, { explainer: 'rise', attack: 'none', seconds: 1.5 }));
  clock.at = 100;
  expect(throughput.get()).toMatchObject({ computed: 2, seconds: 4, unitsPerSecond: 0.5, secondsLeft: 8 });
});

test('the slowest come first, explainers by clean pictures only', () => {
  const { throughput } = onClock();
  for (const [explainer, attack, seconds] of [
    ['srd', 'none', 1],
    ['srd', 'none', 2],
    ['rise', 'none', 4],
    ['srd', 'pgd', 100],
    ['rise', 'pgd', 1],
    ['srd', 'noise', 60],
  ] as const)
    throughput.add(unit(1, { explainer, attack, seconds }));
  const { explainers, attacks } = throughput.get();
  expect(explainers).toEqual([
    { name: 'rise', units: 1, seconds: 4 },
    { name: 'srd', units: 2, seconds: 3 },
  ]);
  expect(attacks.map(({ name }) => name)).toEqual(['noise', 'pgd', 'none']);
  expect(throughputLines(throughput.get()).slice(1)).toEqual([
    'slowest explainers, a unit of a clean picture: rise 4.0 s, srd 1.5 s',
    'slowest attacks, a unit with its map and metrics: noise 60 s, pgd 51 s',
  ]);
});

test('a run that computed nothing has no throughput to tell', () => {
  const { throughput } = onClock();
  throughput.add(unit(10));
  expect(throughputLines(throughput.get())).toEqual([]);
});

test('--log json: every line on stderr is an event, mistakes too', async () => {
  const folder = await temporaryFolder();
  const changes = { explainers: '[srd, random]', attacks: '[]', metrics: '[sparseness]', heatmaps: '0' };
  const config = await tinyExperiment(folder, changes);
  const out = join(folder, 'out');
  const run = (file: string) => cli('experiment', '--workers', '1', '--log', 'json', '--config', file, '--out', out);
  const eventsOf = (stderr: string) =>
    stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { time: string; event: string } & Record<string, unknown>);
  const { code, stderr } = await run(config);
  expect(code).toBe(0);
  const events = eventsOf(stderr);
  expect(events[0]).toMatchObject({ event: 'run-started', name: 'tiny', units: 6, samples: 3, explainers: 2 });
  expect(events.at(-2)).toMatchObject({ event: 'progress', done: 6, total: 6, secondsLeft: 0 });
  expect(events.at(-1)).toMatchObject({ event: 'run-finished', computed: 6, reused: 0, out });
  expect(events.at(-1)?.files).toContain('results.parquet');
  for (const { time } of events) expect(new Date(time).toISOString()).toBe(time);

  expect(eventsOf((await run(config)).stderr).at(-1)).toMatchObject({ computed: 0, reused: 6, explainers: [] });
  const other = eventsOf((await run(await tinyExperiment(folder, { ...changes, name: 'other' }))).stderr);
  expect(other[0]).toMatchObject({
    event: 'message',
    text: `${out} holds the results of "tiny", which these replace; what was computed for them is kept`,
  });
  expect(other.at(-1)).toMatchObject({ reused: 6 });
  const mistake = await run('nope.yaml');
  expect(mistake.code).toBe(2);
  expect(eventsOf(mistake.stderr)).toMatchObject([{ event: 'error', text: expect.stringMatching(/^nope/) as string }]);
}, 120_000);
