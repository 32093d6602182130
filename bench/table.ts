/** Markdown tables, one a model, of the lines that `npm run bench` printed: `tsx bench/table.ts FILE ...`. */
import { readFileSync } from 'node:fs';
import type { Line } from './line.ts';

const lines = process.argv
  .slice(2)
  .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
  .filter((text) => text.startsWith('{'))
  .map((text) => JSON.parse(text) as Line);
const distinct = <T>(values: readonly T[]) => [...new Set(values)];
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

for (const model of distinct(lines.map((line) => line.model))) {
  const own = lines.filter((line) => line.model === model);
  const peers = distinct(own.flatMap((line) => line.peers.map(({ name }) => name)));
  const counted = own.some(({ ours }) => ours.copies > 0);
  const columns = ['ms', 'x forward', 'GFLOP', 'of peak', 'memory, MiB', ...(counted ? ['copies, MB'] : [])];
  const { processor, threads, clock } = own[0];
  const peak = Math.max(...own.map((line) => line.peak));
  console.log(`\n${model}, ${threads} threads of ${processor}, ${clock} time; peak ${peak} GFLOP/s\n`);
  console.log(row(['job', ...columns, ...peers.flatMap((name) => [`${name}: ms`, 'ratio'])]));
  console.log(row(['---', ...columns.map(() => '---:'), ...peers.flatMap(() => ['---:', '---:'])]));
  for (const { job, ours, peers: theirs } of own) {
    const { ms, multiple, gflop, share, memory, copies } = ours;
    const cells = [ms, multiple, gflop, `${Math.round(100 * share)} %`, memory].map(String);
    if (counted) cells.push((copies / 1e6).toFixed(1));
    for (const name of peers) {
      const found = theirs.find((peer) => peer.name === name);
      cells.push(...(found ? [String(found.ms), String(found.ratio)] : ['', '']));
    }
    console.log(row([job, ...cells]));
  }
}
