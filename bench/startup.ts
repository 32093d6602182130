/**
 * Time from nothing to `--help`, and to the first explanation, beside that of Node.js itself, in turns:
 * `tsx bench/startup.ts [--rounds 15] [--bin bin/xai-gauntlet.mjs] [--squeezenet FILE.onnx --image FILE.jpg] [--first]`. Prints JSON lines:
 * least and median milliseconds, and the least of processor time. `--first` adds the first start of a clone, which removes `.cache/`.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    bin: { type: 'string', default: 'bin/xai-gauntlet.mjs' },
    squeezenet: { type: 'string' },
    image: { type: 'string' },
    first: { type: 'boolean', default: false },
  },
});

const report = `import { writeSync } from 'node:fs';
process.on('exit', () => { const { user, system } = process.cpuUsage(); writeSync(3, String((user + system) / 1000)); });`;
const preload = `data:text/javascript,${encodeURIComponent(report)}`;

/** Milliseconds that a process of Node.js takes, on the clock and of the processor. */
async function timed(args: readonly string[]): Promise<{ clock: number; processor: number }> {
  const begun = performance.now();
  const child = spawn(process.execPath, ['--import', preload, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const processor = text(child.stdio[3] as Readable);
  const code = await new Promise((resolve) => child.on('exit', resolve));
  const clock = performance.now() - begun;
  if (code !== 0) throw new Error(`${args.join(' ')} ended with code ${String(code)}`);
  return { clock, processor: Number(await processor) };
}

const out = await mkdtemp(join(tmpdir(), 'gauntlet-'));
const { bin, squeezenet, image } = values;
const jobs: Record<string, () => ReturnType<typeof timed>> = {
  node: () => timed(['--eval', '0']),
  help: () => timed([bin, '--help']),
};
if (squeezenet && image) {
  const explain = ['explain', '--model', squeezenet, '--preset', 'imagenet', '--image', image, '--explainer', 'srd'];
  jobs.explain = () => timed([bin, ...explain, '--png', join(out, 'a.png'), '--out', join(out, 'a.npz')]);
}
if (values.first)
  jobs['help, first start'] = async () => {
    await rm('.cache', { recursive: true, force: true });
    return timed([bin, '--help']);
  };

const times = new Map(Object.keys(jobs).map((name) => [name, [] as Awaited<ReturnType<typeof timed>>[]]));
for (let round = -1; round < Number(values.rounds); round++)
  for (const [name, job] of Object.entries(jobs)) {
    const time = await job();
    if (round >= 0) times.get(name)!.push(time);
  }
await rm(out, { recursive: true });

for (const [job, found] of times) {
  const clock = found.map((time) => time.clock).toSorted((a, b) => a - b);
  const whole = { least: clock[0], median: clock[Math.floor(clock.length / 2)] };
  const processor = Math.min(...found.map((time) => time.processor));
  const shown = Object.entries({ ...whole, processor }).map(([name, ms]) => [name, Math.round(ms)]);
  console.log(JSON.stringify({ job, cores: cpus().length, node: process.version, ...Object.fromEntries(shown) }));
}
