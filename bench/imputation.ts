/**
 * Processor time of ROAD's nine linear systems of a 224x224 picture, for maps of noise of several grains: `tsx bench/imputation.ts [--rounds 9]`.
 * Prints JSON lines: `milliseconds` is the least of the rounds, the first one, with code not yet optimised, beside it.
 */
import { parseArgs } from 'node:util';
import { impute } from '../metrics/imputation.ts';
import { gaussianBlur } from '../src/numeric/blur.ts';
import { createRng } from '../src/numeric/random.ts';
import { descendingOrder } from '../src/numeric/sort.ts';
import { tensor, type Tensor } from '../src/numeric/tensor.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } });
const [height, width] = [224, 224];
const area = height * width;

function blurredNoise(key: string, grain: number): Tensor {
  const rng = createRng(0, key);
  const noise = tensor(
    [3, height, width],
    Float32Array.from({ length: 3 * area }, () => rng.uniform()),
  );
  return grain === 0 ? noise : gaussianBlur(noise, 4 * Math.ceil(grain) + 1, grain);
}

const picture = blurredNoise('picture', 2).data.map((v) => Math.min(Math.max(4 * v - 1.5, 0), 1));
for (const grain of [0, 1.5, 7]) {
  const ranked = descendingOrder(Float64Array.from(blurredNoise('map', grain).data.subarray(0, area)), createRng(0));
  const times = Array.from({ length: Number(values.rounds) }, () => {
    const start = process.cpuUsage();
    for (let share = 1; share <= 9; share++)
      impute(picture.slice(), ranked.subarray(0, Math.floor((share * area) / 10)), { height, width });
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  console.log(JSON.stringify({ grain, milliseconds: Math.min(...times), first: times[0] }));
}
