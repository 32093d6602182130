import { heatmapFigure } from '../../reports/heatmap-figure.ts';
import type { Scene } from '../data/scenes.ts';
import type { Engine } from '../engine/engine.ts';
import { createPrograms, type Chosen } from '../experiment/programs.ts';
import { predictionOf } from '../experiment/sample-work.ts';
import type { Explainer } from '../explainers/index.ts';
import type { Model } from '../model/model.ts';
import { toHeatmap } from '../numeric/heatmap.ts';
import { createRng } from '../numeric/random.ts';
import { at, batchOf } from '../numeric/tensor.ts';

/** The PNG of one scene: a row an explainer, its map by the model as it was and by the manipulated one. */
export async function foolingFigure(
  engine: Engine,
  models: readonly [before: Model, after: Model],
  explainers: readonly (Chosen<Explainer> & { readonly name: string })[],
  { image, label }: Pick<Scene, 'image' | 'label'>,
): Promise<Buffer> {
  const programs = models.map((model) => createPrograms(engine, model));
  const { index, probability } = await predictionOf(programs[0], image);
  const prediction = { label: models[0].labels?.[index] ?? `class ${index}`, probability };
  const step = { channels: 'abs-sum', sign: 'absolute', normalise: 'sum' } as const;
  const entries = await Promise.all(
    explainers.map(async (explainer) => {
      const [map, mapAfter] = await Promise.all(
        programs.map(async (p) =>
          toHeatmap(at(await p.explain(explainer)(batchOf(image), label, createRng(0)), 0), step),
        ),
      );
      return { explainer: explainer.name, map, mapAfter };
    }),
  );
  const of = { model: models[0].name, dataset: 'scenes', sample: 'test-0-0' };
  return heatmapFigure({
    sample: 'maps by the net as it was and by the manipulated net',
    of,
    image,
    prediction,
    entries,
  });
}
