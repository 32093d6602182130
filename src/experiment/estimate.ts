import { kindOf, type Measured } from './measure.ts';
import type { Plan, Unit } from './plan.ts';
import type { Share } from './share.ts';

/** What a whole plan comes to, as far as its kinds of unit were measured. */
export interface Estimate {
  /** Of all processes together. */
  readonly seconds: number;
  readonly bytes: number;
  /** Of one process. */
  readonly memory: number;
  /** Share of the kinds of unit that were measured. */
  readonly measured: number;
  /** Kinds of unit that are left out, because none alike was measured. */
  readonly missing: readonly string[];
}

/** The mean of measured kinds; undefined where there are none. */
function average(measured: readonly Measured[]): Omit<Measured, 'kind'> | undefined {
  const mean = (pick: (one: Measured) => number) => measured.reduce((sum, one) => sum + pick(one), 0) / measured.length;
  if (measured.length === 0) return undefined;
  const memory = Math.max(...measured.map((one) => one.memory));
  return { readying: mean((m) => m.readying), seconds: mean((m) => m.seconds), bytes: mean((m) => m.bytes), memory };
}

/**
 * Extrapolates from measured kinds of unit to a plan on a number of processes. A kind that was not measured is taken for the mean of those with
 * the same model, dataset and attack.
 */
export function estimateOf(
  { units }: Plan,
  measured: readonly Measured[],
  { workers }: Pick<Share, 'workers'>,
): Estimate {
  const kinds = new Map<string, { readonly unit: Unit; count: number }>();
  for (const unit of units) {
    const kind = kinds.get(kindOf(unit));
    if (kind) kind.count++;
    else kinds.set(kindOf(unit), { unit, count: 1 });
  }
  const alike = (a: Unit, b: Unit | undefined) => a.subject === b?.subject && a.attack === b.attack;
  let [seconds, bytes, memory] = [0, 0, 0];
  const missing: string[] = [];
  for (const [kind, { unit, count }] of kinds) {
    const one =
      measured.find((m) => m.kind === kind) ?? average(measured.filter((m) => alike(unit, kinds.get(m.kind)?.unit)));
    if (!one) {
      missing.push(kind);
      continue;
    }
    seconds += count * one.seconds + Math.min(workers, count) * one.readying;
    bytes += count * one.bytes;
    memory = Math.max(memory, one.memory);
  }
  return { seconds, bytes, memory, measured: measured.length / kinds.size, missing };
}
