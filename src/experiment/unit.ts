import type { Curve, Outcome } from '../../metrics/metric.ts';
import { scoreMap, scoreSimilarity } from '../../metrics/score.ts';
import type { Row } from '../../reports/row.ts';
import { toHeatmap } from '../numeric/heatmap.ts';
import { createRng } from '../numeric/random.ts';
import { softmaxAt } from '../numeric/softmax.ts';
import { at, batchOf, type Tensor } from '../numeric/tensor.ts';
import { isMapMetric, type AttackEntry, type Config } from './config.ts';
import type { MapMetricEntry } from './config/entries.ts';
import { metricsOf, type Unit } from './plan.ts';
import type { Programs } from './programs.ts';
import { type Attacked, type Prediction, type SampleWork } from './sample-work.ts';

/** What a unit gives: its rows, the curves behind them, and what its figure shows. */
export interface UnitResult {
  readonly rows: readonly Row[];
  /** By metric. */
  readonly curves: Readonly<Record<string, Curve>>;
  readonly shown: {
    readonly attribution: Tensor;
    readonly prediction: Prediction;
    readonly attacked?: Attacked;
  };
}

type Measured = readonly [metric: string, outcome: Outcome];

const finite = (value: number, what: string): Outcome =>
  Number.isFinite(value) ? { value } : { reason: `${what} came out as ${value}` };

/** What the attack reports of itself: size of the change, what became of the prediction, its own loss, what it spent. */
function reported(attack: AttackEntry, attacked: Attacked, before: Prediction, target: number): Measured[] {
  const { linf, l2, l1, losses = [], queries, gradients, prediction: after } = attacked;
  const values: [string, number][] = [
    ['linf', linf],
    ['l2', l2],
    ['l1', l1],
    ['prediction-kept', after.index === before.index ? 1 : 0],
    ['probability', softmaxAt(after.logits, target)],
  ];
  if (attack.definition.kind !== 'explanation') values.push(['success', attacked.labelChanged ? 1 : 0]);
  if (queries !== undefined) values.push(['queries', queries]);
  if (gradients !== undefined) values.push(['gradients', gradients]);
  if (losses.length > 0) values.push(['loss-first', losses[0]], ['loss-last', losses[losses.length - 1]]);
  return values.map(([name, value]) => [`attack:${name}`, finite(value, `the attack's ${name}`)]);
}

/** Scores one unit: the metrics of its map and, after an attack, the similarities to the clean map and to the attack's target. */
export async function scoreUnit(config: Config, unit: Unit, programs: Programs, work: SampleWork): Promise<UnitResult> {
  const { subject, explainer, attack, description } = unit;
  const { sample } = work;
  const target = await work.target();
  const before = await work.prediction();
  const clean = await work.clean(explainer);
  const attacked = attack && (await work.attacked(attack, explainer));
  const image = attacked?.image ?? sample.image;
  const explain = programs.explain(explainer);
  const rngOf = (purpose: string) => createRng(config.seed, `${description}/${purpose}`);
  const attribution = attacked ? at(await explain(batchOf(image), target, rngOf('explain')), 0) : clean;
  const curves: Record<string, Curve> = {};

  async function scoreOf({ name, definition, options, heatmap }: MapMetricEntry): Promise<Measured> {
    const rng = rngOf(name);
    const neighbours = rng.derive('explain');
    const outcome = await scoreMap(definition, {
      heatmap: toHeatmap(attribution, heatmap),
      attribution,
      image,
      target,
      mask: sample.mask,
      box: sample.box,
      predict: (images) => programs.predict(images),
      explain: (images, other) =>
        other
          ? programs.explain(explainer, other.randomised)(images, other.target ?? target, rngOf('explain'))
          : explain(images, target, neighbours),
      represent: (images, layer) => programs.represent(images, layer),
      heatmapOf: (map) => toHeatmap(map, heatmap),
      weightLayers: programs.weightLayers,
      options,
      rng,
    });
    if ('curve' in outcome && outcome.curve) curves[name] = outcome.curve;
    return [name, outcome];
  }

  const measured: Measured[] = [];
  for (const metric of metricsOf(config, unit)) {
    if (isMapMetric(metric)) {
      measured.push(await scoreOf(metric));
      continue;
    }
    const { name, definition, options, heatmap } = metric;
    const compare = async (suffix: string, a: Tensor, b: Tensor) => {
      const maps = { a: toHeatmap(a, heatmap), b: toHeatmap(b, heatmap) };
      measured.push([`${name}:${suffix}`, await scoreSimilarity(definition, { ...maps, options })]);
    };
    await compare('before-after', clean, attribution);
    if (attacked?.targetMap) await compare('after-target', attribution, attacked.targetMap);
  }
  const prediction = attacked?.prediction ?? before;
  if (attack && attacked) measured.push(...reported(attack, attacked, before, target));

  const rows = measured.map(([metric, outcome]): Row => ({
    model: subject.model.name,
    dataset: subject.entry.name,
    sample: sample.id,
    label: sample.label ?? '',
    prediction: before.index,
    target,
    explainer: explainer.name,
    attack: attack?.name ?? 'none',
    metric,
    value: 'value' in outcome ? outcome.value : null,
    reason: 'reason' in outcome ? outcome.reason : '',
    discarded: outcome.discarded ?? null,
  }));
  return { rows, curves, shown: { attribution, prediction, attacked } };
}
