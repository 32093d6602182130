import type { HeatmapEntry, HeatmapFigure } from '../../reports/index.ts';
import type { Sample } from '../data/dataset.ts';
import { heatmapStep, toHeatmap } from '../numeric/heatmap.ts';
import type { Tensor } from '../numeric/tensor.ts';
import { readMaps, type KeptMaps } from './maps.ts';
import type { Config } from './config.ts';
import type { Plan, Unit } from './plan.ts';
import { groupsOf, loadOrSkip } from './samples.ts';
import type { Subject } from './subject.ts';

/** Figures show attributions signed and summed over channels. */
const mapOf = (attribution: Tensor) => toHeatmap(attribution, heatmapStep.parse({}));

function captionOf({ model, dataset }: Subject, { index, probability }: KeptMaps['prediction']) {
  const names = model.labels ?? dataset.classes;
  return { label: names?.[index] ?? `class ${index}`, probability };
}

/** The units of a sample by attack, in the order of the plan. */
function byAttack(units: readonly Unit[]): Map<string, Unit[]> {
  const groups = new Map<string, Unit[]>();
  for (const unit of units) {
    const name = unit.attack?.name ?? 'none';
    groups.set(name, [...(groups.get(name) ?? []), unit]);
  }
  return groups;
}

async function entriesOf(
  folder: string,
  units: readonly Unit[],
  clean: ReadonlyMap<string, KeptMaps>,
): Promise<HeatmapEntry[]> {
  const entries: HeatmapEntry[] = [];
  for (const { key, explainer, attack, subject } of units) {
    const before = clean.get(explainer.name);
    if (!before) continue;
    const after = attack && (await readMaps(folder, key));
    entries.push({
      explainer: explainer.name,
      map: mapOf(before.attribution),
      attack: attack?.name,
      attackedImage: after?.image,
      attackedPrediction: after && captionOf(subject, after.prediction),
      mapAfter: after && mapOf(after.attribution),
      target: after?.targetMap && mapOf(after.targetMap),
    });
  }
  return entries;
}

/**
 * The figures of one sample, from the maps kept in a folder: one an attack, or one of the clean maps where nothing is attacked.
 * `title` says which sample it is.
 */
async function* figuresOf(
  folder: string,
  units: readonly Unit[],
  { id, image }: Sample,
  title: string,
): AsyncGenerator<HeatmapFigure> {
  const clean = new Map<string, KeptMaps>();
  const groups = byAttack(units);
  for (const { key, explainer } of groups.get('none') ?? []) {
    const maps = await readMaps(folder, key);
    if (maps) clean.set(explainer.name, maps);
  }
  const first = clean.values().next().value;
  if (!first) return;
  const { subject } = units[0];
  const prediction = captionOf(subject, first.prediction);
  const of = { model: subject.model.name, dataset: subject.entry.name, sample: id };
  for (const [attack, group] of groups) {
    if (attack === 'none' && groups.size > 1) continue;
    const entries = await entriesOf(folder, group, clean);
    yield { sample: attack === 'none' ? title : `${title} ${attack}`, of, image, prediction, entries };
  }
}

/** The figures of a run: of the first samples of each model and dataset. */
export async function* figures({ heatmaps }: Config, plan: Plan, out: string): AsyncGenerator<HeatmapFigure> {
  const several = new Set(plan.units.map(({ subject }) => subject)).size > 1;
  for (const group of groupsOf(plan)) {
    const { subject, index, units } = group;
    if (index >= heatmaps) continue;
    const sample = await loadOrSkip(subject, index);
    if ('reason' in sample) continue;
    const title = several ? `${subject.model.name} ${subject.entry.name} ${sample.id}` : sample.id;
    yield* figuresOf(out, units, sample, title);
  }
}
