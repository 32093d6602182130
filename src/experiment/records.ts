import type { Curve } from '../../metrics/metric.ts';
import type { Row } from '../../reports/row.ts';
import { cellsOf, type Cell } from './cells.ts';
import type { Config } from './config.ts';
import type { Unit } from './plan.ts';
import type { StoredCells } from './store.ts';

/** A finished unit. */
export interface UnitRecord {
  readonly rows: readonly Row[];
  readonly curves: Readonly<Record<string, Curve>>;
}

/** The finished cells of a unit, by key; of two with one key the later. */
export function cellsIn(stored: readonly StoredCells[]): Record<string, Cell> {
  return Object.assign({}, ...stored.map(({ cells }) => cells)) as Record<string, Cell>;
}

/** Puts a unit together from what is stored of it; rows are in the order of the plan, whenever they were computed. */
export function recordOf(config: Config, unit: Unit, stored: readonly StoredCells[]): UnitRecord {
  const { subject, index, explainer, attack } = unit;
  const found = cellsIn(stored);
  const cells = cellsOf(config, unit).flatMap(({ key }) => found[key] ?? []);
  const rows = cells.flatMap((cell) =>
    cell.rows.map(({ metric, value, reason, discarded }): Row => ({
      model: subject.model.name,
      dataset: subject.entry.name,
      sample: subject.dataset.ids[index],
      ...stored[0].facts,
      explainer: explainer.name,
      attack: attack?.name ?? 'none',
      metric,
      value,
      reason,
      discarded,
    })),
  );
  return { rows, curves: Object.assign({}, ...cells.map(({ curves }) => curves)) as UnitRecord['curves'] };
}
