import { z } from 'zod';
import * as g from '../src/graph/index.ts';
import type { Node } from '../src/graph/index.ts';
import { at, stack, tensor } from '../src/numeric/tensor.ts';
import { defineBatchAttack } from './attack.ts';
import { classRow, otherClasses } from './classes.ts';
import { compileStep, iterate } from './iterate.ts';
import { margin } from './losses.ts';
import { norms } from './norms.ts';

/** Keep quotients finite, as in foolbox. */
const [tiny, nudge] = [1e-8, 1e-4];

/**
 * DeepFool (Moosavi-Dezfooli et al., arXiv:1511.04599, algorithm 2): steps to the nearest boundary of the model as if it were linear,
 * until another class is predicted. Its loss, which rises, is the margin of the nearest other logit. Defaults are foolbox's.
 */
export const deepfool = defineBatchAttack({
  name: 'deepfool',
  title: 'DeepFool',
  paper: 'arXiv:1511.04599',
  kind: 'prediction',
  options: z.strictObject({
    norm: z.enum(['l2', 'linf']).default('l2'),
    steps: z.int().min(1).default(50),
    /** How many of the most probable classes are looked at, the explained one among them. */
    candidates: z.int().min(2).default(10),
    /** How much further than the boundary, relative to the change. */
    overshoot: z.number().min(0).default(0.02),
  }),
  prepare({ engine, model, options }) {
    const norm = norms[options.norm];
    const { pixels, logits, classes } = model;
    const count = Math.min(options.candidates, classes) - 1;
    const [origin, total] = ['origin', 'total'].map((name) => g.input(name, pixels.shape));
    const label = g.input('label', ['N', classes]);
    const rivals = g.input('rivals', ['N', count, classes]);
    const scalarPerPicture = (x: Node) => g.reshape(x, ['N', 1, 1, 1]);

    let nearest: { distance: Node; gradient: Node } | undefined;
    for (let k = 0; k < count; k++) {
      const rival = g.reshape(g.slice(rivals, 1, k, k + 1), ['N', classes]);
      const lead = g.reduceSum(g.mul(logits, g.sub(rival, label)), [1]);
      const [gradient] = g.grad(lead, [pixels]);
      const distance = g.div(scalarPerPicture(g.abs(lead)), g.add(norm.dual(gradient), tiny));
      if (!nearest) nearest = { distance, gradient };
      else {
        const nearer = g.greater(nearest.distance, distance);
        nearest = {
          distance: g.where(nearer, distance, nearest.distance),
          gradient: g.where(nearer, gradient, nearest.gradient),
        };
      }
    }
    const { distance, gradient } = nearest!;
    const changed = g.add(total, g.mul(norm.normalise(gradient), g.add(distance, nudge)));
    const ahead = margin(logits, label);
    const programs = compileStep(engine, {
      loss: ahead,
      margin: ahead,
      score: g.neg(g.reshape(norm.measure(g.sub(pixels, origin)), ['N'])),
      done: g.cast(g.greater(ahead, 0), 'float32'),
      next: { pixels: g.add(origin, g.mul(changed, 1 + options.overshoot)), total: changed },
      gradients: count,
    });
    const predict = engine.compile({ logits });

    return async (victims) => {
      const clean = (await predict.run({ pixels: stack(victims.map(({ image }) => image)) })).logits;
      const starts = victims.map((victim, i) => ({
        pixels: victim.image,
        origin: victim.image,
        total: tensor(victim.image.shape),
        label: classRow(victim.target, classes),
        rivals: stack(
          otherClasses(at(clean, i).data, victim.target)
            .slice(0, count)
            .map((k) => classRow(k, classes)),
        ),
      }));
      const found = await iterate(programs, starts, { steps: options.steps, signal: victims[0].signal });
      return found.map((f) => ({ ...f, queries: f.queries + 1 }));
    };
  },
});
