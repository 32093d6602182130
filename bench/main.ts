/**
 * Times what the package does with one picture of 224x224, beside PyTorch's libraries where interpreters are given, in turns, the best of each:
 * `npm run bench -- [--python FILE ...] [--model NAME ...] [--job NAME ...] [--rounds 5] [--threads 2] [--clock wall|processor] [--engine ort]`. Prints a JSON line (line.ts) a model and job;
 * `tsx bench/table.ts FILE` makes tables of them. Each job runs in processes of its own, so that its memory is its own.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { startContender, type Answer, type Contender } from './contender.ts';
import { jobs } from './jobs.ts';
import type { Line } from './line.ts';
import { models } from './models/index.ts';

const { values } = parseArgs({
  options: {
    python: { type: 'string', multiple: true, default: [] },
    model: { type: 'string', multiple: true, default: Object.keys(models) },
    job: { type: 'string', multiple: true, default: Object.keys(jobs).filter((name) => !jobs[name].extra) },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: String(cpus().length) },
    engine: { type: 'string', default: 'ort' },
    clock: { type: 'string', default: 'wall' },
  },
});
const clock = values.clock === 'processor' ? 'processor' : 'wall';
const threads = Number(values.threads);

const short = (v: number) => Number(v.toPrecision(3));

/** The best times of a contender, and its memory once only the job has run; undefined where it cannot do the job. */
interface Record {
  readonly contender: Contender;
  readonly first: Answer;
  forward: number;
  job: number;
}

async function begin(contender: Contender): Promise<Record | undefined> {
  const first = await contender.ask('job');
  if (!first) return undefined;
  await contender.ask('forward');
  return { contender, first, forward: Infinity, job: Infinity };
}

async function turn(record: Record): Promise<void> {
  record.forward = Math.min(record.forward, (await record.contender.ask('forward'))![clock]);
  record.job = Math.min(record.job, (await record.contender.ask('job'))![clock]);
}

const timing = ({ contender: { name }, job, forward, first }: Record) => ({
  name,
  ms: short(job),
  multiple: short(job / forward),
  memory: Math.round(first.memory),
});

async function compare(model: string, job: string): Promise<Line> {
  const args = [model, job, String(threads), values.engine];
  const contenders = await Promise.all([undefined, ...values.python].map((python) => startContender(python, args)));
  const records = [];
  for (const contender of contenders) records.push(await begin(contender));
  const [ours, ...others] = records;
  const peers = others.filter((record) => record !== undefined);
  if (!ours) throw new Error(`${job} does not run on ${model}`);
  await ours.contender.ask('peak');
  const rounds = Math.ceil(Number(values.rounds) / (jobs[job].long ? 5 : 1));
  let peak = 0;
  for (let round = 0; round < rounds; round++) {
    const product = (await ours.contender.ask('peak'))!;
    peak = Math.max(peak, (1000 * product.gflop!) / product[clock]);
    for (const record of [ours, ...peers]) await turn(record);
  }
  for (const contender of contenders) contender.end();
  const gflop = ours.first.gflop!;
  return {
    model,
    job,
    processor: cpus()[0].model,
    threads,
    clock,
    rounds,
    peak: short(peak),
    ours: {
      ...timing(ours),
      gflop: short(gflop),
      share: short((1000 * gflop) / ours.job / peak),
      copies: ours.first.copies!,
    },
    peers: peers.map((record) => ({ ...timing(record), ratio: short(record.job / ours.job) })),
  };
}

for (const model of values.model) for (const job of values.job) console.log(JSON.stringify(await compare(model, job)));
