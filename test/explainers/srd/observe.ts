import { evaluate, type Value } from '../../../src/engine/reference.ts';
import { srdApop } from '../../../src/explainers/srd-apop.ts';
import { srd } from '../../../src/explainers/srd.ts';
import { sharingRatioOptions } from '../../../src/explainers/sharing-ratio.ts';
import * as g from '../../../src/graph/index.ts';
import type { Node } from '../../../src/graph/index.ts';
import type { Model } from '../../../src/model/model.ts';
import { createRng } from '../../../src/numeric/random.ts';

export const explainers = { srd, 'srd-apop': srdApop };
export type Name = keyof typeof explainers;

export function image(model: Model, seed: number): Value {
  const rng = createRng(seed, 'image');
  const shape = [1, 3, ...model.size];
  return { shape, data: Float64Array.from({ length: 3 * model.size[0] * model.size[1] }, () => rng.uniform()) };
}

/** A model and a class to ask of it. */
export function question(model: Model) {
  const target = g.input('target', ['N', model.classes]);
  return {
    model,
    target,
    /** The attribution node of an explainer. */
    by: (name: Name, options: Record<string, unknown> = {}): Node =>
      explainers[name].attribution({ model, target, options: sharingRatioOptions.parse(options) }),
    /** The values of nodes for one picture and one explained class. */
    observe(pixels: Value, label: number, nodes: readonly Node[]): Value[] {
      const chosen = Float64Array.from({ length: model.classes }, (_, k) => (k === label ? 1 : 0));
      return evaluate(
        nodes,
        new Map([
          [model.pixels, pixels],
          [target, { shape: [1, model.classes], data: chosen }],
        ]),
        1,
      );
    },
  };
}

/** A map `[1,C,H,W]` summed over channels. */
export function overChannels({ shape: [, channels], data }: Value): Float64Array {
  const area = data.length / channels;
  return Float64Array.from({ length: area }, (_, p) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += data[c * area + p];
    return sum;
  });
}

export const sumOf = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
