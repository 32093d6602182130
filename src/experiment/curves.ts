import type { CurveSet } from '../../reports/index.ts';
import type { UnitRecord } from './records.ts';

/** Gathers the curves of finished units by model, dataset, explainer, attack and metric; those of other lengths than the first are left out. */
export function curveSets(records: Iterable<UnitRecord>): CurveSet[] {
  const sets = new Map<string, CurveSet & { ys: (readonly number[])[] }>();
  for (const { rows, curves } of records) {
    for (const [metric, { x, y }] of Object.entries(curves)) {
      const { model, dataset, explainer, attack } = rows[0];
      const id = JSON.stringify([model, dataset, explainer, attack, metric]);
      let set = sets.get(id);
      if (!set) sets.set(id, (set = { model, dataset, explainer, attack, metric, x, ys: [] }));
      if (set.x.length === y.length) set.ys.push(y);
    }
  }
  return [...sets.values()];
}
