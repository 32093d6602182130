import type { Outcome } from '../../metrics/metric.ts';
import { scoreSimilarity } from '../../metrics/score.ts';
import { toHeatmap } from '../numeric/heatmap.ts';
import type { Tensor } from '../numeric/tensor.ts';
import type { SimilarityEntry } from './config/entries.ts';

/** Attributions `[C,H,W]` around an attack. */
export interface MapsAround {
  readonly before: Tensor;
  readonly after: Tensor;
  /** What the attack steers to. */
  readonly target?: Tensor;
  /** Of the picture under noise as large as the attack's change. */
  readonly noise?: Tensor;
}

const pairs = [
  ['before-after', 'before', 'after'],
  ['after-target', 'after', 'target'],
  ['before-target', 'before', 'target'],
  ['before-noise', 'before', 'noise'],
] as const;

/** What a similarity says of an attack, by the names of rows: each pair of maps that there is, and how much of the gap to the target is closed. */
export async function compareMaps(metric: SimilarityEntry, maps: MapsAround): Promise<[name: string, Outcome][]> {
  const { name, definition, options, heatmap } = metric;
  const outcomes = new Map<string, Outcome>();
  for (const [pair, a, b] of pairs) {
    const [first, second] = [maps[a], maps[b]];
    if (!first || !second) continue;
    const context = { a: toHeatmap(first, heatmap), b: toHeatmap(second, heatmap), options };
    outcomes.set(pair, await scoreSimilarity(definition, context));
  }
  const [floor, reached] = [outcomes.get('before-target'), outcomes.get('after-target')];
  if (floor && reached) {
    const whole = definition.better === 'higher' ? definition.range[1] : definition.range[0];
    outcomes.set('gap-closed', gapClosed(floor, reached, whole));
  }
  return [...outcomes].map(([suffix, outcome]) => [`${name}:${suffix}`, outcome]);
}

/** The share of the way from the floor to likeness `whole` that an attack has gone: 0 where it changed nothing, 1 at its target. */
function gapClosed(floor: Outcome, reached: Outcome, whole: number): Outcome {
  if ('reason' in floor) return floor;
  if ('reason' in reached) return reached;
  const value = (reached.value - floor.value) / (whole - floor.value);
  return Number.isFinite(value) ? { value } : { reason: 'the clean map is as like the target as can be' };
}
