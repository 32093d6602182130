import { z } from 'zod';
import * as g from '../src/graph/index.ts';
import { UserError } from '../src/numeric/errors.ts';
import { at, stack } from '../src/numeric/tensor.ts';
import { defineBatchAttack, scalarOf, type AttackSetup } from './attack.ts';
import { pixelChange } from './ball-options.ts';
import { intoBall } from './ball.ts';
import { compileChoice } from './best.ts';
import { classRows, labelsOf } from './classes.ts';
import { attackedHeatmap, explanationMap } from './explanation-map.ts';
import { search } from './explanation-search.ts';
import { randomlyMoved } from './gradient-ascent.ts';
import { margin } from './losses.ts';
import { correlation } from './map-distance.ts';
import { norms } from './norms.ts';
import { smoothed } from './smooth.ts';
import { drawnTargets } from './targets.ts';
import { wantedMaps } from './wanted-map.ts';

type Attribution = NonNullable<AttackSetup<unknown>['attribution']>;

/**
 * Targeted manipulation that adapts to what is judged: it raises Pearson's correlation of the map with the wanted one, the prediction kept, by
 * sign steps in an L-inf ball that begin long and end at 0, and keeps the best picture by the model as it is.
 *
 * Runs: from the picture, then from random points (`restarts`). With `surrogates`, each of these explainers is attacked too, on its own
 * way to its own wanted map; of the pictures met there the best for the attacked explainer starts another run on that one. So the attack
 * does at least as well as what transfers from any surrogate. The goal is that of Dombrowski et al. (arXiv:1906.07983); that an attack
 * has to be fitted to the defence is Tramer et al. (arXiv:2002.08347).
 */
export const adaptiveManipulation = defineBatchAttack({
  name: 'adaptive-manipulation',
  title: 'Adaptive manipulation',
  paper: 'arXiv:1906.07983, arXiv:2002.08347',
  kind: 'explanation',
  surrogates: true,
  options: z.strictObject({
    /** Radius of the L-inf ball in pixel units [0,1]. */
    epsilon: pixelChange,
    /** Of each run. */
    steps: z.int().min(1).default(100),
    /** Length of the first step, in radii; it falls to 0 as half a wave of the cosine does. */
    relativeStep: z.number().positive().default(0.5),
    /** By how much the predicted logit is to stay ahead of the others; what is missing counts beside 1 - correlation. */
    lead: z.number().min(0).default(1),
    /** Of the softplus in the copy, growing geometrically. */
    betaStart: z.number().positive().default(10),
    betaEnd: z.number().positive().default(100),
    /** Another picture's explanation, or a drawn map. */
    target: z.enum(['sample', ...drawnTargets]).default('sample'),
    heatmap: attackedHeatmap,
    /** Every how many steps the picture is judged on the model as it is. */
    judgeEvery: z.int().min(1).default(10),
    /** Runs before those of surrogates: the first from the picture, the others from random points of the ball. */
    restarts: z.int().min(1).default(1),
  }),
  prepare({ engine, model, attribution, surrogates = [], options }) {
    if (!attribution)
      throw new UserError(
        'adaptive-manipulation needs an explainer that is a graph; black-box explainers have no gradient',
      );
    const { epsilon, betaStart, betaEnd, steps, restarts } = options;
    const target = g.input('target', ['N', model.classes]);
    const wanted = g.input('wanted', ['N', 1, ...model.size]);
    const predicted = g.input('predicted', ['N', model.classes]);
    const start = g.input('start', model.pixels.shape);
    const [beta, rate] = ['beta', 'rate'].map((name) => g.input(name, []));
    const copy = smoothed(model, beta);

    const lossOf = (explainer: Attribution, of: typeof model) =>
      g.sub(1, correlation(explanationMap(explainer(of, target), options.heatmap), wanted));
    function stepOn(explainer: Attribution) {
      // Of the model as it is: on a net of many classes the copy's prediction and the model's part early.
      const missing = g.relu(g.add(margin(model.logits, predicted), options.lead));
      const loss = g.add(lossOf(explainer, copy), missing);
      const [gradient] = g.grad(loss, [model.pixels]);
      const moved = g.sub(model.pixels, g.mul(g.sign(gradient), rate));
      return engine.compileStep({ loss }, { pixels: g.clip(intoBall(moved, start, epsilon), 0, 1) });
    }
    const judge = engine.compile({ loss: lossOf(attribution, model), logits: model.logits });
    const predict = engine.compile({ logits: model.logits });
    const choice = compileChoice(engine, model.pixels.shape);
    const attacked = [attribution, ...surrogates].map((explainer) => ({
      step: stepOn(explainer),
      wanted: wantedMaps({ engine, model }, explainer, options),
    }));
    const [own, ...others] = attacked;
    const runs = [
      ...Array.from({ length: restarts }, (_, i) => ({ on: own, from: i === 0 ? 'picture' : 'random' }) as const),
      ...others.flatMap((on) => [{ on, from: 'picture' } as const, { on: own, from: 'best' } as const]),
    ];

    return async (victims) => {
      const origin = stack(victims.map(({ image }) => image));
      const labels = labelsOf((await predict.run({ pixels: origin })).logits);
      const classes = classRows(
        victims.map((v) => v.target),
        model.classes,
      );
      const maps = new Map<typeof own, Awaited<ReturnType<typeof own.wanted>>>();
      for (const one of attacked) maps.set(one, await one.wanted(victims));
      const found = await search({
        steps,
        restarts: runs.length,
        judgeEvery: options.judgeEvery,
        signal: victims[0].signal,
        step: (run) => runs[run].on.step,
        choice,
        fixed: (run) => ({
          target: classes,
          wanted: maps.get(runs[run].on)!,
          predicted: classRows(labels, model.classes),
          start: origin,
        }),
        feeds: (i) => ({
          beta: scalarOf(betaStart * (betaEnd / betaStart) ** (i / steps)),
          rate: scalarOf(options.relativeStep * epsilon * 0.5 * (1 + Math.cos((Math.PI * i) / steps))),
        }),
        async start(run, best) {
          const { from } = runs[run];
          if (from === 'picture') return { pixels: origin };
          const random = () => victims.map((victim) => randomlyMoved(victim, norms.linf, epsilon));
          return { pixels: stack(from === 'best' ? await best() : random()) };
        },
        judged: { wanted: maps.get(own)! },
        async judge(state) {
          const { loss, logits } = await judge.run(state);
          return labelsOf(logits).map((label, i) => ({ loss: loss.data[i], kept: label === labels[i] }));
        },
      });
      return found.map((one, i) => ({ ...one, targetMap: at(maps.get(own)!, i) }));
    };
  },
});
