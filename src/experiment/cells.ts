import { createHash } from 'node:crypto';
import type { Curve } from '../../metrics/metric.ts';
import type { Row } from '../../reports/row.ts';
import type { Config, MetricEntry } from './config.ts';
import { identity, metricsOf, type Unit } from './plan.ts';

/** What one metric, or the attack's own report, gives for a unit. */
export interface Cell {
  readonly rows: readonly Pick<Row, 'metric' | 'value' | 'reason' | 'discarded'>[];
  /** By the metric that they belong to. */
  readonly curves: Readonly<Record<string, Curve>>;
}

/** A part of a unit that is computed, kept and reused by itself. */
export interface CellPlan {
  /** Unique within a unit, and alike in all; it changes with what determines the cell beside its unit. */
  readonly key: string;
  /** Absent for what an attack reports of itself. */
  readonly metric?: MetricEntry;
}

const keys = new WeakMap<MetricEntry, string>();

function keyOf(metric: MetricEntry): string {
  let key = keys.get(metric);
  if (key === undefined) {
    const determined = JSON.stringify([...identity<MetricEntry['definition']>(metric), metric.heatmap]);
    key = createHash('sha256').update(determined).digest('hex').slice(0, 16);
    keys.set(metric, key);
  }
  return key;
}

/** The cells of a unit in the order of its rows: one a metric, then the attack's report. */
export function cellsOf(config: Pick<Config, 'metrics'>, unit: Pick<Unit, 'attack'>): CellPlan[] {
  const cells = metricsOf(config, unit).map((metric): CellPlan => ({ key: keyOf(metric), metric }));
  return unit.attack ? [...cells, { key: 'attack' }] : cells;
}
