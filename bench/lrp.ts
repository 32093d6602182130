/**
 * Times LRP beside zennit's in turns, the best of each: `tsx bench/lrp.ts --python PYTHON [--rounds 5]`. Prints JSON lines.
 */
import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createOnnxRuntimeEngine } from '../src/engine/onnxruntime.ts';
import { lrp } from '../src/explainers/lrp.ts';
import * as g from '../src/graph/index.ts';
import { oneHot, tensor } from '../src/numeric/tensor.ts';
import { resnet50 } from './resnet50.ts';
import { vgg16 } from './vgg16.ts';

const { values } = parseArgs({
  options: { python: { type: 'string', default: 'python3' }, rounds: { type: 'string', default: '5' } },
});
const jobs = ['forward', 'epsilon-plus', 'epsilon-gamma-box'] as const;

for (const model of [vgg16(), resnet50()]) {
  const engine = createOnnxRuntimeEngine({ cacheBytes: 16 * 2 ** 30 });
  const target = g.input('target', ['N', model.classes]);
  const pixels = tensor([1, 3, 224, 224], new Float32Array(3 * 224 * 224).fill(0.4));
  const programs = jobs.map((composite) =>
    composite === 'forward'
      ? engine.compile({ logits: model.logits })
      : engine.compile({ map: lrp.attribution({ model, target, options: lrp.options.parse({ composite }) }) }),
  );
  const script = fileURLToPath(new URL('peers/lrp.py', import.meta.url));
  const peer = spawn(values.python, [script, model.name], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();

  const best = jobs.map(() => ({ ours: Infinity, theirs: Infinity }));
  // The first round warms up.
  for (let round = 0; round <= Number(values.rounds); round++)
    for (const [i, job] of jobs.entries()) {
      const start = performance.now();
      await programs[i].run({ pixels, ...(job === 'forward' ? {} : { target: oneHot(7, model.classes) }) });
      const ours = performance.now() - start;
      peer.stdin.write(`${job}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error('the peer ended before it was asked to');
      if (round === 0) continue;
      best[i] = { ours: Math.min(best[i].ours, ours), theirs: Math.min(best[i].theirs, Number(value)) };
    }
  peer.stdin.end();
  jobs.forEach((job, i) => {
    const { ours, theirs } = best[i];
    const round = (v: number) => Number(v.toPrecision(3));
    const line = { ours: round(ours), zennit: round(theirs), ratio: round(theirs / ours) };
    const multiples = { ours: round(ours / best[0].ours), zennit: round(theirs / best[0].theirs) };
    console.log(JSON.stringify({ model: model.name, job, cores: cpus().length, milliseconds: line, multiples }));
  });
  await engine.release();
}
