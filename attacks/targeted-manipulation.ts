import { z } from 'zod';
import * as g from '../src/graph/index.ts';
import type { Model } from '../src/model/model.ts';
import { UserError } from '../src/numeric/errors.ts';
import { at, stack } from '../src/numeric/tensor.ts';
import { adam, adamFeeds, adamStart } from './adam.ts';
import { defineBatchAttack, scalarOf } from './attack.ts';
import { intoBall } from './ball.ts';
import { compileChoice } from './best.ts';
import { classRows, labelsOf } from './classes.ts';
import { attackedHeatmap, explanationMap } from './explanation-map.ts';
import { search } from './explanation-search.ts';
import { randomlyMoved } from './gradient-ascent.ts';
import { meanSquare } from './map-distance.ts';
import { norms } from './norms.ts';
import { smoothed } from './smooth.ts';
import { drawnTargets } from './targets.ts';
import { wantedMaps } from './wanted-map.ts';

const options = z
  .strictObject({
    steps: z.int().min(1).default(1500),
    /** Adam's rate, in pixel units. */
    learningRate: z.number().positive().default(2e-4),
    explanationWeight: z.number().positive().default(1e11),
    predictionWeight: z.number().min(0).default(1e6),
    betaStart: z.number().positive().default(10),
    betaEnd: z.number().positive().default(100),
    /** Where the loss is taken: on the softplus copy, or on the model as it is with the derivative of the copy. */
    surrogate: z.enum(['softplus', 'straight-through']).default('softplus'),
    /** Radius of an L-inf ball in pixel units; none by default. */
    epsilon: z.number().positive().max(1).optional(),
    /** Another picture's explanation, or a drawn map. */
    target: z.enum(['sample', ...drawnTargets]).default('sample'),
    heatmap: attackedHeatmap,
    /** Every how many steps the picture is judged on the model as it is, the best being the result; 0 takes the last, as in the paper. */
    judgeEvery: z.int().min(0).default(0),
    /** Runs: the first from the picture, the others from random points of the ball. */
    restarts: z.int().min(1).default(1),
  })
  .refine(({ restarts, epsilon }) => restarts === 1 || epsilon !== undefined, {
    error: 'restarts begin at random points of a ball: give its radius as epsilon',
    path: ['restarts'],
  });

/**
 * Targeted manipulation of an explanation, the prediction kept (Dombrowski et al., arXiv:1906.07983, eq. 3-4).
 *
 * Minimises `w_h MSE(h(x'), h_target) + w_g MSE(p(x'), p(x))` by Adam from x, clamped to [0,1] at each step and, with `epsilon`,
 * to an L-inf ball. ReLU becomes softplus(β) in the attacker's copy, β growing geometrically; what comes out is to be judged on
 * the model as it is. Works for every explainer that is a graph.
 */
export const targetedManipulation = defineBatchAttack({
  name: 'targeted-manipulation',
  title: 'Targeted manipulation',
  paper: 'arXiv:1906.07983',
  kind: 'explanation',
  options,
  prepare({ engine, model, attribution, options }) {
    if (!attribution)
      throw new UserError(
        'targeted-manipulation needs an explainer that is a graph; black-box explainers have no gradient',
      );
    const { epsilon, betaStart, betaEnd, steps } = options;
    const target = g.input('target', ['N', model.classes]);
    const view = (m: Model) => ({
      map: explanationMap(attribution(m, target), options.heatmap),
      p: g.softmax(m.logits),
    });
    const real = view(model);
    const predict = engine.compile({ p: real.p });

    const beta = g.input('beta', []);
    const start = g.input('start', model.pixels.shape);
    const wanted = g.input('wanted', ['N', 1, ...model.size]);
    const clean = g.input('clean', ['N', model.classes]);
    const soft = view(smoothed(model, beta));
    const seen = options.surrogate === 'softplus' ? soft : real;
    const loss = g.add(
      g.mul(meanSquare(seen.map, wanted), options.explanationWeight),
      g.mul(meanSquare(seen.p, clean), options.predictionWeight),
    );
    const cotangents = g.grad(loss, [seen.map, seen.p]);
    const [gradient] = g.backward([soft.map, soft.p], cotangents, [model.pixels]);
    const { x, ...moments } = adam(model.pixels, gradient, options.learningRate);
    const moved = epsilon === undefined ? x : intoBall(x, start, epsilon);
    const step = engine.compileStep({ loss }, { pixels: g.clip(moved, 0, 1), ...moments });
    const choice = compileChoice(engine, model.pixels.shape);
    const judge = engine.compile({ loss: meanSquare(real.map, wanted), p: real.p });

    const wantedMapsOf = wantedMaps({ engine, model }, attribution, options);

    return async (victims) => {
      const wantedMap = await wantedMapsOf(victims);
      const origin = stack(victims.map(({ image }) => image));
      const before = (await predict.run({ pixels: origin })).p;
      const labels = labelsOf(before);
      const explained = classRows(
        victims.map((v) => v.target),
        model.classes,
      );
      const nearby = () => stack(victims.map((victim) => randomlyMoved(victim, norms.linf, epsilon!)));
      const found = await search({
        steps,
        restarts: options.restarts,
        judgeEvery: options.judgeEvery,
        signal: victims[0].signal,
        step: () => step,
        choice,
        fixed: () => ({
          wanted: wantedMap,
          target: explained,
          clean: before,
          ...(epsilon === undefined ? {} : { start: origin }),
        }),
        feeds: (i) => ({ beta: scalarOf(betaStart * (betaEnd / betaStart) ** (i / steps)), ...adamFeeds(i) }),
        start: (restart) => ({ pixels: restart === 0 ? origin : nearby(), ...adamStart(origin) }),
        async judge(state) {
          const { loss, p } = await judge.run(state);
          return labelsOf(p).map((label, i) => ({ loss: loss.data[i], kept: label === labels[i] }));
        },
      });
      return found.map((one, i) => ({ ...one, targetMap: at(wantedMap, i) }));
    };
  },
});
