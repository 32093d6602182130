import type { MapContext, Turned } from '../../metrics/metric.ts';
import type { Engine, Stepper } from '../engine/engine.ts';
import { createScope } from '../engine/scope.ts';
import * as g from '../graph/index.ts';
import type { Model } from '../model/model.ts';
import { batchOf, type Tensor } from '../numeric/tensor.ts';

/** Compiles the logits of pictures whose values with a rank from `first` to before `end` are those of `to`, the others those of `from`. */
function compileTurned(engine: Engine, { pixels, logits }: Model): Stepper {
  const [from, to, rank] = ['from', 'to', 'rank'].map((name) => g.input(name, [1, ...pixels.shape.slice(1)]));
  const [first, end] = ['first', 'end'].map((name) => g.input(name, ['N', 1, 1, 1]));
  const hasTurned = g.and(g.greaterEqual(rank, first), g.greater(end, rank));
  const [turned] = g.substitute([logits], new Map([[pixels, g.where(hasTurned, to, from)]]));
  return engine.compileStep({ turned }, {});
}

/** The place in the order of each value of a picture `[3,H,W]`; float32 holds 2^24 of them. */
function ranksOf({ from, order }: Turned): Tensor {
  const { shape, data } = from;
  const ranks = new Float32Array(data.length);
  order.forEach((feature, k) => {
    for (let p = feature; p < ranks.length; p += order.length) ranks[p] = k;
  });
  return { shape, data: ranks };
}

const column = (values: readonly number[]): Tensor => ({
  shape: [values.length, 1, 1, 1],
  data: Float32Array.from(values),
});

/** Pictures made of two where the engine computes: both and the order go there once, and then two numbers a picture. */
export function turnedOnDevice(engine: Engine, model: Model): MapContext<unknown>['predictTurned'] {
  let program: Stepper | undefined;
  return async (pictures) => {
    program ??= compileTurned(engine, model);
    const { from, to, spans } = pictures;
    const scope = createScope();
    try {
      const held = scope.add(
        await program.hold({ from: batchOf(from), to: batchOf(to), rank: batchOf(ranksOf(pictures)) }),
      );
      const [first, end] = [0, 1].map((i) => column(spans.map((span) => span[i])));
      return (await program.run({ ...held, first, end })).results.turned;
    } finally {
      scope.keep();
    }
  };
}
