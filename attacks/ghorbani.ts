import { z } from 'zod';
import * as g from '../src/graph/index.ts';
import type { Model } from '../src/model/model.ts';
import { UserError } from '../src/numeric/errors.ts';
import { rowsOf, stack, type Tensor } from '../src/numeric/tensor.ts';
import { defineBatchAttack, scalarOf, type Victim } from './attack.ts';
import { pixelChange } from './ball-options.ts';
import { intoBall } from './ball.ts';
import { compileChoice } from './best.ts';
import { classRows, labelsOf } from './classes.ts';
import { explanationMap } from './explanation-map.ts';
import { search } from './explanation-search.ts';
import { mapLosses } from './ghorbani-loss.ts';
import { smoothed } from './smooth.ts';
import { drawnTargets } from './targets.ts';

const heatmap = { channels: 'abs-sum', sign: 'absolute', normalise: 'sum' } as const;

/**
 * The iterative attacks of Ghorbani et al. (arXiv:1710.10547, algorithm 1): sign steps in an L-inf ball and in [0,1] that take
 * the explanation off its k largest pixels, move its centre of mass, or bring it into a region. Derivatives are those of a copy
 * with softplus for ReLU; the result is the best picture, by the model as it is, that keeps the prediction.
 */
export const ghorbani = defineBatchAttack({
  name: 'ghorbani',
  title: 'Fragile interpretation (Ghorbani)',
  paper: 'arXiv:1710.10547',
  kind: 'explanation',
  options: z.strictObject({
    measure: z.enum(['top-k', 'mass-centre', 'target-region']).default('top-k'),
    /** Radius in pixel units [0,1]. */
    epsilon: pixelChange,
    /** Length of a step in pixel units. */
    stepSize: z
      .number()
      .positive()
      .default(0.5 / 255),
    steps: z.int().min(1).default(300),
    /** Of `top-k`: k as a share of the pixels; by default the paper's 1,000 of 224x224. */
    share: z.number().positive().max(1).default(0.02),
    /** Of `target-region`. */
    region: z.enum(drawnTargets).exclude(['uniform']).default('corner'),
    /** Of the softplus in the copy. */
    beta: z.number().positive().default(10),
    /** Every how many steps the picture is judged on the model as it is; 0 takes the last. */
    judgeEvery: z.int().min(0).default(1),
  }),
  prepare({ engine, model, attribution, options }) {
    if (!attribution)
      throw new UserError('ghorbani needs an explainer that is a graph; black-box explainers have no gradient');
    const { epsilon, stepSize, measure } = options;
    const target = g.input('target', ['N', model.classes]);
    const mapOf = (m: Model) => explanationMap(attribution(m, target), heatmap);
    const { reference: referenceOf, loss: lossOf } = mapLosses[measure](model.size, options);
    const beta = g.input('beta', []);
    const start = g.input('start', model.pixels.shape);
    const reference = g.input('reference', measure === 'mass-centre' ? ['N', 2] : ['N', 1, ...model.size]);

    const map = mapOf(model);
    const observe = engine.compile({ map, logits: model.logits });
    const judge = engine.compile({ loss: lossOf(map, reference), logits: model.logits });
    const loss = lossOf(mapOf(smoothed(model, beta)), reference);
    const [gradient] = g.grad(loss, [model.pixels]);
    const moved = g.sub(model.pixels, g.mul(g.sign(gradient), stepSize));
    const step = engine.compileStep({ loss }, { pixels: g.clip(intoBall(moved, start, epsilon), 0, 1) });
    const choice = compileChoice(engine, model.pixels.shape);

    // At the picture itself the way of the centre has no derivative, so this attack begins a random step away.
    const first = ({ image: { shape, data }, rng }: Victim): Tensor => ({
      shape,
      data: data.map((v) => Math.min(Math.max(v + (rng.uniform() < 0.5 ? -stepSize : stepSize), 0), 1)),
    });

    return async (victims) => {
      const origin = stack(victims.map(({ image }) => image));
      const explained = classRows(
        victims.map((v) => v.target),
        model.classes,
      );
      const clean = await observe.run({ target: explained, pixels: origin });
      const labels = labelsOf(clean.logits);
      const reference = stack(rowsOf(clean.map).map(({ data }) => referenceOf(data)));
      return search({
        steps: options.steps,
        restarts: 1,
        judgeEvery: options.judgeEvery,
        signal: victims[0].signal,
        step: () => step,
        choice,
        fixed: () => ({ target: explained, reference, start: origin, beta: scalarOf(options.beta) }),
        start: () => ({ pixels: measure === 'mass-centre' ? stack(victims.map(first)) : origin }),
        async judge(state) {
          const { loss, logits } = await judge.run(state);
          return labelsOf(logits).map((label, i) => ({ loss: loss.data[i], kept: label === labels[i] }));
        },
      });
    };
  },
});
