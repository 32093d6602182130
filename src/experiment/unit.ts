import type { Curve, Outcome } from '../../metrics/metric.ts';
import { scoreMap } from '../../metrics/score.ts';
import type { Row } from '../../reports/row.ts';
import { toHeatmap } from '../numeric/heatmap.ts';
import { createRng } from '../numeric/random.ts';
import { at, batchOf, type Tensor } from '../numeric/tensor.ts';
import { compareMaps } from './compared.ts';
import { isMapMetric, type Config } from './config.ts';
import type { MapMetricEntry } from './config/entries.ts';
import { equalNoise } from './equal-noise.ts';
import { metricsOf, type Unit } from './plan.ts';
import type { Programs } from './programs.ts';
import { lossCurve, reported } from './reported.ts';
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

/** Scores one unit: the metrics of its map and, after an attack, the similarities of the maps around it and what the attack reports of itself. */
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

  let noise: Tensor | undefined;
  /** The map of the clean picture under noise as large as the change by an attack on the explanation. */
  async function noiseMap(): Promise<Tensor | undefined> {
    if (attack?.definition.kind !== 'explanation') return undefined;
    const noisy = () => batchOf(equalNoise(sample.image, attacked!.l2, rngOf('noise')));
    noise ??= at(await explain(noisy(), target, rngOf('explain')), 0);
    return noise;
  }

  const measured: Measured[] = [];
  for (const metric of metricsOf(config, unit)) {
    if (isMapMetric(metric)) {
      measured.push(await scoreOf(metric));
      continue;
    }
    const maps = { before: clean, after: attribution, target: attacked?.targetMap, noise: await noiseMap() };
    measured.push(...(await compareMaps(metric, maps)));
  }
  const prediction = attacked?.prediction ?? before;
  if (attack && attacked) {
    measured.push(...reported(attack, attacked, { image: sample.image, prediction: before, target }));
    const isOwn = attack.definition.kind === 'explanation' && (attack.against ?? explainer) === explainer;
    const curve = isOwn ? lossCurve(attacked) : undefined;
    if (curve) curves['attack:loss'] = curve;
  }

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
