import { otherClasses } from '../../attacks/classes.ts';
import type { Engine } from '../engine/engine.ts';
import type { AttributionOf } from '../explainers/index.ts';
import { input } from '../graph/index.ts';
import type { Model } from '../model/model.ts';
import { at, oneHot, stack, type Tensor } from '../numeric/tensor.ts';
import { cellMap } from './cells.ts';

/** Pictures `[N,3,H,W]` in [0,1] with the classes whose maps are looked at. */
export interface Explained {
  readonly pixels: Tensor;
  /** One-hot, `[N,K]`. */
  readonly label: Tensor;
  /** The most probable class that is not the label, likewise. */
  readonly other: Tensor;
}

/** Finds, by a model, the most probable class of each picture but its own. */
export function runnerUp(engine: Engine, model: Model) {
  const program = engine.compile({ logits: model.logits });
  return async (pixels: Tensor, labels: readonly number[]): Promise<Explained & { readonly right: number }> => {
    const { logits } = await program.run({ pixels });
    const orders = labels.map((label, i) => otherClasses(at(logits, i).data, label));
    const rows = (classes: readonly number[]) => stack(classes.map((k) => at(oneHot(k, model.classes), 0)));
    const right = labels.filter((label, i) => at(logits, i).data[label] > at(logits, i).data[orders[i][0]]).length;
    return { pixels, label: rows(labels), other: rows(orders.map(([first]) => first)), right };
  };
}

/** Gives the attributions `[N,C,H,W]` of a model's label and the cell maps `[N,1,h,w]` of both classes. */
export function observe(engine: Engine, model: Model, attribution: AttributionOf) {
  const target = input('target', ['N', model.classes]);
  const map = attribution(model, target);
  const program = engine.compile({ map, cells: cellMap(map, model.size) });
  return async ({ pixels, label, other }: Explained) => {
    const own = await program.run({ pixels, target: label });
    return { attribution: own.map, label: own.cells, other: (await program.run({ pixels, target: other })).cells };
  };
}
