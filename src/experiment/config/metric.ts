import { z } from 'zod';
import type { Metric } from '../../../metrics/metric.ts';
import { UserError } from '../../numeric/errors.ts';
import { heatmapStep } from '../../numeric/heatmap.ts';
import type { Known } from '../plugins.ts';
import { check, type Place } from './check.ts';
import { isMapMetric, readEntry, type AttackEntry, type MetricEntry } from './entries.ts';

const on = z.array(z.enum(['clean', 'attacked'])).min(1);

/** Reads a metric, with the heatmap step that it sees and, for one of a single map, on which pictures it is scored. */
export function readMetric(value: unknown, place: Place, known: Known): MetricEntry {
  const { rest, ...entry } = readEntry('metrics', value, place, known, ['heatmap', 'on']);
  const definition: Metric = entry.definition;
  const under = (key: string): Place => ({ source: place.source, path: [...place.path, key] });
  const given = check(z.record(z.string(), z.unknown()).default({}), rest.heatmap, under('heatmap'));
  const heatmap = check(heatmapStep, { ...definition.heatmap, ...given }, under('heatmap'));
  if (definition.kind === 'map') {
    const scored = check(on.default(['clean', 'attacked']), rest.on, under('on'));
    return { ...entry, definition, heatmap, on: scored };
  }
  if ('on' in rest)
    throw new UserError(
      `${place.source.atKey(place.path, 'on')}: "on" is for metrics of one map; ${entry.name} compares the maps before and after an attack`,
    );
  return { ...entry, definition, heatmap };
}

/** Throws `UserError` where no metric has a picture to look at. */
export function checkScored(metrics: readonly MetricEntry[], attacks: readonly AttackEntry[], place: Place): void {
  if (attacks.length > 0 || metrics.some((metric) => isMapMetric(metric) && metric.on.includes('clean'))) return;
  throw new UserError(
    `${place.source.at(place.path)}: these metrics look at attacked pictures, and there are no attacks: nothing would be measured`,
  );
}
