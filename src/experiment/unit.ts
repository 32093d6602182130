import type { Outcome } from '../../metrics/metric.ts';
import { scoreMap } from '../../metrics/score.ts';
import type { Row } from '../../reports/row.ts';
import { toHeatmap, type Heatmap, type HeatmapStep } from '../numeric/heatmap.ts';
import { createRng } from '../numeric/random.ts';
import { at, batchOf, type Tensor } from '../numeric/tensor.ts';
import type { Cell, CellPlan } from './cells.ts';
import { compareMaps } from './compared.ts';
import { isMapMetric, type Config } from './config.ts';
import type { MapMetricEntry, SimilarityEntry } from './config/entries.ts';
import { equalNoise } from './equal-noise.ts';
import type { Shown } from './maps.ts';
import type { Unit } from './plan.ts';
import type { Programs } from './programs.ts';
import { lossCurve, reported } from './reported.ts';
import type { MemberWork } from './batch-work.ts';

/** A unit at work: each part is computed at its first use. */
export interface UnitWork {
  /** What all rows of the unit have in common. */
  facts(): Promise<Pick<Row, 'label' | 'prediction' | 'target'>>;
  /** The metric's rows or, after an attack, those of what the attack reports of itself. */
  cell(plan: CellPlan): Promise<Cell>;
  /** What its figure shows. */
  shown(): Promise<Shown>;
}

const cellOf = (outcomes: readonly (readonly [metric: string, outcome: Outcome])[], curves: Cell['curves']): Cell => ({
  rows: outcomes.map(([metric, outcome]) => ({
    metric,
    value: 'value' in outcome ? outcome.value : null,
    reason: 'reason' in outcome ? outcome.reason : '',
    discarded: outcome.discarded ?? null,
  })),
  curves,
});

function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () => (value ??= make());
}

/** Starts the work on a unit. */
export function createUnitWork(
  { seed }: Pick<Config, 'seed'>,
  { explainer, attack, description }: Unit,
  programs: Programs,
  work: MemberWork,
): UnitWork {
  const { sample } = work;
  const rngOf = (purpose: string) => createRng(seed, `${description}/${purpose}`);
  const attacked = async () => attack && (await work.attacked(attack, explainer));
  const imageOf = async () => (await attacked())?.image ?? sample.image;
  const explain = (image: Tensor, target: number) =>
    programs.explain(explainer)(batchOf(image), target, rngOf('explain'));
  const attribution = lazy(async () =>
    attack ? at(await explain(await imageOf(), await work.target()), 0) : work.clean(explainer),
  );
  const heatmaps = new Map<string, Heatmap>();
  /** The map after a heatmap step: one object for all metrics that share the step, which are ranked once. */
  const heatmapBy = async (step: HeatmapStep) => {
    const key = JSON.stringify(step);
    const heatmap = heatmaps.get(key) ?? toHeatmap(await attribution(), step);
    heatmaps.set(key, heatmap);
    return heatmap;
  };
  /** The map of the clean picture under noise as large as the change by an attack on the explanation. */
  const noiseMap = lazy(async () => {
    if (attack?.definition.kind !== 'explanation') return undefined;
    const noisy = equalNoise(sample.image, (await attacked())!.l2, rngOf('noise'));
    return at(await explain(noisy, await work.target()), 0);
  });

  async function score({ name, definition, options, heatmap }: MapMetricEntry): Promise<Cell> {
    const rng = rngOf(name);
    const neighbours = rng.derive('explain');
    const [map, target] = [await attribution(), await work.target()];
    const outcome = await scoreMap(definition, {
      heatmap: await heatmapBy(heatmap),
      attribution: map,
      image: await imageOf(),
      target,
      mask: sample.mask,
      box: sample.box,
      predict: (images) => programs.predict(images),
      predictTurned: (pictures) => programs.predictTurned(pictures),
      explain: (images, other) =>
        other
          ? programs.explain(explainer, other.randomised)(images, other.target ?? target, rngOf('explain'))
          : programs.explain(explainer)(images, target, neighbours),
      represent: (images, layer) => programs.represent(images, layer),
      heatmapOf: (other) => toHeatmap(other, heatmap),
      weightLayers: programs.weightLayers,
      options,
      rng,
    });
    return cellOf([[name, outcome]], 'curve' in outcome && outcome.curve ? { [name]: outcome.curve } : {});
  }

  async function compare(metric: SimilarityEntry): Promise<Cell> {
    const [before, after, noise] = [await work.clean(explainer), await attribution(), await noiseMap()];
    return cellOf(await compareMaps(metric, { before, after, target: (await attacked())?.targetMap, noise }), {});
  }

  async function report(): Promise<Cell> {
    const result = await attacked();
    if (!attack || !result) return cellOf([], {});
    const clean = { image: sample.image, prediction: await work.prediction(), target: await work.target() };
    const isOwn = attack.definition.kind === 'explanation' && (attack.against ?? explainer) === explainer;
    const curve = isOwn ? lossCurve(result) : undefined;
    return cellOf(reported(attack, result, clean), curve ? { 'attack:loss': curve } : {});
  }

  return {
    async facts() {
      const { index: prediction } = await work.prediction();
      return { label: sample.label ?? '', prediction, target: await work.target() };
    },
    cell({ metric }) {
      if (!metric) return report();
      return isMapMetric(metric) ? score(metric) : compare(metric);
    },
    async shown() {
      const result = await attacked();
      const prediction = result?.prediction ?? (await work.prediction());
      return { attribution: await attribution(), prediction, attacked: result };
    },
  };
}
