import type { z } from 'zod';
import * as g from '../src/graph/index.ts';
import { toHeatmap } from '../src/numeric/heatmap.ts';
import { stack, tensor, type Tensor } from '../src/numeric/tensor.ts';
import type { AttackSetup, Victim } from './attack.ts';
import { classRows, labelsOf } from './classes.ts';
import { explanationMap, type attackedHeatmap } from './explanation-map.ts';
import { drawn, type DrawnTarget } from './targets.ts';

export interface Wanted {
  /** Another picture's explanation, for its own predicted class, or a drawn map. */
  readonly target: 'sample' | DrawnTarget;
  readonly heatmap: z.infer<typeof attackedHeatmap>;
}

/** The maps that an attack on an explainer steers to, one a picture, `[N,1,H,W]`. */
export function wantedMaps(
  { engine, model }: Pick<AttackSetup<unknown>, 'engine' | 'model'>,
  attribution: NonNullable<AttackSetup<unknown>['attribution']>,
  { target, heatmap }: Wanted,
): (victims: readonly Victim[]) => Promise<Tensor> {
  if (target !== 'sample') {
    const map = tensor([1, ...model.size], toHeatmap(drawn(target, model.size), heatmap).values);
    return (victims) => Promise.resolve(stack(victims.map(() => map)));
  }
  const label = g.input('target', ['N', model.classes]);
  const predict = engine.compile({ logits: model.logits });
  const observe = engine.compile({ map: explanationMap(attribution(model, label), heatmap) });
  return async (victims) => {
    const others: Tensor[] = [];
    for (const { other } of victims) others.push(await other());
    const pixels = stack(others);
    const labels = labelsOf((await predict.run({ pixels })).logits);
    return (await observe.run({ pixels, target: classRows(labels, model.classes) })).map;
  };
}
