import type { Engine } from '../engine/engine.ts';
import { createBatchWork, type MemberWork } from './batch-work.ts';
import { cellsOf, type Cell } from './cells.ts';
import type { AttackEntry, Config } from './config.ts';
import type { Plan, Unit } from './plan.ts';
import { createPrograms, type Programs } from './programs.ts';
import { recordOf } from './records.ts';
import { batchesOf, loadBatch, type Batch } from './samples.ts';
import type { StoredCells } from './store.ts';
import { createUnitWork } from './unit.ts';

/** What one unit of a kind took. Plain JSON. */
export interface Measured {
  /** `model/dataset/explainer/attack`. */
  readonly kind: string;
  /** Of making its programs ready, once a process. */
  readonly readying: number;
  /** Of each unit after that, what it shares with the units before it left out. */
  readonly seconds: number;
  /** On disk: in the store and in results.csv. */
  readonly bytes: number;
  /** The most memory that the process has held so far, in bytes. */
  readonly memory: number;
}

/** Units that take alike. */
export const kindOf = ({ subject: { model, entry }, explainer, attack }: Unit): string =>
  [model.name, entry.name, explainer.name, attack?.name ?? 'none'].join('/');

const measuredSteps = 4;

/** An attack of few steps, and by how much the whole one takes longer. */
function shortened(attack: AttackEntry): { readonly attack: AttackEntry; readonly times: number } {
  const { steps } = attack.options as { readonly steps?: unknown };
  if (typeof steps !== 'number' || steps <= measuredSteps) return { attack, times: 1 };
  const options = { ...(attack.options as object), steps: measuredSteps };
  return { attack: { ...attack, options }, times: steps / measuredSteps };
}

interface Spent {
  readonly attack: number;
  readonly rest: number;
  readonly stored: StoredCells;
}

async function spend(config: Config, unit: Unit, programs: Programs, { work, size }: AtWork): Promise<Spent> {
  const begun = performance.now();
  if (unit.attack) await work.attacked(unit.attack, unit.explainer);
  const attacked = performance.now();
  const unitWork = createUnitWork(config, unit, programs, work);
  const cells: Record<string, Cell> = {};
  for (const cell of cellsOf(config, unit)) cells[cell.key] = await unitWork.cell(cell);
  const stored = { key: unit.key, samples: {}, facts: await unitWork.facts(), cells };
  return { attack: (attacked - begun) / 1000 / size, rest: (performance.now() - attacked) / 1000, stored };
}

const lengthOf = (config: Config, unit: Unit, stored: StoredCells): number =>
  recordOf(config, unit, [stored]).rows.reduce(
    (n, row) => n + Object.values(row).join(',').length + 1,
    JSON.stringify(stored).length + 150,
  );

/** A sample at work, one of those that are attacked together. */
interface AtWork {
  readonly units: readonly Unit[];
  readonly work: MemberWork;
  /** How many are attacked together. */
  readonly size: number;
}

/** Two samples of two batches at work on one model; of one batch where there are no two. */
interface Pair {
  readonly programs: Programs;
  readonly works: readonly AtWork[];
}

/** The first batches of which a sample can be read. */
async function readable(batches: readonly Batch[], count: number) {
  const found = [];
  for (const batch of batches) {
    const loaded = await loadBatch(batch[0].subject, batch[0].units[0].batch);
    const group = batch.find(({ index }) => loaded.members.has(index));
    if (group) found.push({ group, loaded });
    if (found.length === count) break;
  }
  return found;
}

async function pairsOf(config: Config, plan: Plan, engine: Engine): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const subject of new Set(plan.units.map((unit) => unit.subject))) {
    const programs = createPrograms(engine, subject.model, config.seed);
    const batches = await readable(
      batchesOf(plan).filter(([group]) => group.subject === subject),
      2,
    );
    if (batches.length === 0) continue;
    const works = [batches[0], batches.at(-1)!].map(({ group: { index, units }, loaded }): AtWork => {
      const work = createBatchWork(config, subject, programs, loaded, { keep: 'all' }).get(index)!;
      return { units, work, size: loaded.members.size };
    });
    pairs.push({ programs, works });
  }
  return pairs;
}

/** First one unit of each attack on each model, then the others. */
function orderOf(pairs: readonly Pair[]): { readonly pair: Pair; readonly index: number }[] {
  const all = pairs.flatMap((pair) =>
    pair.works[0].units.map((unit, index, units) => {
      const later = units.findIndex(({ attack }) => attack === unit.attack) < index;
      return { pair, index, later };
    }),
  );
  return [...all.filter(({ later }) => !later), ...all.filter(({ later }) => later)];
}

/**
 * Measures one unit of each kind after another: twice, since the first time its programs are made ready, and attacks on few of their steps.
 * Whoever has waited long enough stops listening.
 */
export async function* measure(config: Config, plan: Plan, engine: Engine): AsyncGenerator<Measured> {
  const short = new Map(config.attacks.map((attack) => [attack, shortened(attack)]));
  for (const { pair, index } of orderOf(await pairsOf(config, plan, engine))) {
    const spent: Spent[] = [];
    const whole = pair.works[0].units[index];
    const { attack, times } = whole.attack ? short.get(whole.attack)! : { attack: undefined, times: 1 };
    for (const atWork of pair.works)
      spent.push(await spend(config, { ...atWork.units[index], attack }, pair.programs, atWork));
    const [first, second] = spent;
    yield {
      kind: kindOf(whole),
      readying: Math.max(first.attack + first.rest - second.attack - second.rest, 0),
      seconds: second.attack * times + second.rest,
      bytes: lengthOf(config, pair.works[1].units[index], second.stored),
      memory: process.resourceUsage().maxRSS * 1024,
    };
  }
}
