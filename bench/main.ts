/**
 * Times explainers as multiples of the model's own forward pass, and the forward pass beside PyTorch's in the same run:
 * `npm run bench -- [--rounds 15] [--squeezenet FILE.onnx] [--python /usr/bin/python3] [--small]`; `--small` leaves out VGG-16.
 * Prints JSON lines.
 */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { zooModel } from '../src/experiment/zoo.ts';
import { loadModel, type Model } from '../src/model/model.ts';
import { explainerTimes } from './explainers.ts';
import { vgg16 } from './vgg16.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    squeezenet: { type: 'string' },
    python: { type: 'string' },
    small: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);

/** PyTorch's times in this same run; absent where no interpreter with PyTorch is given. */
function peer(name: string): Record<string, number> | undefined {
  if (values.python === undefined) return undefined;
  const script = new URL('peers/forward.py', import.meta.url).pathname;
  return JSON.parse(execFileSync(values.python, [script, name, String(rounds)], { encoding: 'utf8' })) as Record<
    string,
    number
  >;
}

const round = (v: number) => Number(v.toPrecision(3));

async function report(model: Model, small: boolean, torchName?: string): Promise<void> {
  const timings = await explainerTimes(model, rounds, small);
  for (const [job, { milliseconds, multiple }] of Object.entries(timings))
    console.log(
      JSON.stringify({ model: model.name, job, milliseconds: round(milliseconds), multiple: round(multiple) }),
    );
  const other = torchName === undefined ? undefined : peer(torchName);
  if (!other) return;
  const speedup = {
    forward: round(other.forward / timings.forward.milliseconds),
    gradient: round(other.gradient / timings.gradient.milliseconds),
  };
  console.log(JSON.stringify({ model: model.name, cores: cpus().length, ...other, speedup }));
}

if (values.squeezenet !== undefined)
  await report(await loadModel({ file: values.squeezenet, preprocessing: 'imagenet' }), true, 'squeezenet1_1');
await report(await loadModel(await zooModel('scenes-vgg')), true);
if (!values.small) await report(vgg16(), false, 'vgg16');
