import { z } from 'zod';
import { UserError } from '../src/numeric/errors.ts';
import { at, stack, tensor, type Tensor } from '../src/numeric/tensor.ts';
import { defineBatchAttack, scalarOf } from './attack.ts';
import { checkpoints, compileAutoPgd, firstRate, firstShare, share } from './auto-pgd-step.ts';
import { ballOptions, checkRadius } from './ball-options.ts';
import { classRow, otherClasses } from './classes.ts';
import { randomlyMoved } from './gradient-ascent.ts';
import { iterate, mergeFinds, type Found } from './iterate.ts';
import { norms } from './norms.ts';

/**
 * Auto-PGD (Croce and Hein, arXiv:2003.01690, algorithm 1): PGD with momentum whose step size starts at two radii and is halved, going
 * back to the best picture, at checkpoints where the loss rose too rarely. Pictures that are not fooled are tried again from another
 * random start, as often as `restarts` says; the loss rises. With `dlr-targeted`, each restart steers to the next probable class.
 */
export const autoPgd = defineBatchAttack({
  name: 'auto-pgd',
  title: 'Auto-PGD',
  paper: 'arXiv:2003.01690',
  kind: 'prediction',
  options: z
    .strictObject({
      ...ballOptions,
      norm: z.enum(['linf', 'l2']).default('linf'),
      loss: z.enum(['ce', 'dlr', 'dlr-targeted']).default('ce'),
      steps: z.int().min(1).default(100),
      restarts: z.int().min(1).default(1),
    })
    .superRefine(checkRadius),
  prepare({ engine, model, options }) {
    const { classes } = model;
    const { norm: name, loss, steps, restarts, epsilon = norms[name].defaults.epsilon } = options;
    const needed = { ce: 2, dlr: 3, 'dlr-targeted': 4 }[loss];
    if (classes < needed)
      throw new UserError(
        `auto-pgd: the loss "${loss}" compares ${needed} logits, but the model has ${classes} classes; use ce`,
      );
    const programs = compileAutoPgd(engine, model, { norm: name, epsilon, loss });
    const predict = engine.compile({ logits: model.logits });
    const windows = checkpoints(steps);
    const feeds = (i: number) => ({
      window: scalarOf(windows.get(i) ?? 0),
      fresh: scalarOf(i === 0 ? firstShare : share),
    });
    const number = (value: number): Tensor => tensor([1, 1, 1], [value]);

    return async (victims) => {
      const targeted = loss === 'dlr-targeted';
      const clean = targeted
        ? (await predict.run({ pixels: stack(victims.map(({ image }) => image)) })).logits
        : undefined;
      const start = (i: number, restart: number) => {
        const victim = victims[i];
        const pixels = randomlyMoved(victim, norms[name], epsilon);
        const others = clean ? otherClasses(at(clean, i).data, victim.target) : [victim.target];
        return {
          ...{ pixels, origin: victim.image, previous: pixels, best: pixels, bestGradient: tensor(pixels.shape) },
          ...{ rate: number(firstRate * epsilon), bestLoss: number(-Infinity), lossBefore: number(Infinity) },
          ...{ checkedLoss: number(-Infinity), rises: number(0), reduced: number(1) },
          label: classRow(victim.target, classes),
          goal: classRow(others[restart % others.length], classes),
        };
      };
      const found: Found[] = [];
      for (let restart = 0; restart < restarts; restart++) {
        const open = victims.flatMap((_, i) => (found.at(i)?.fooled ? [] : [i]));
        if (open.length === 0) break;
        const starts = open.map((i) => start(i, restart));
        const tried = await iterate(programs, starts, { steps, feeds, signal: victims[0].signal });
        open.forEach((i, row) => (found[i] = mergeFinds(found.at(i), tried[row])));
      }
      return found.map((f) => ({ ...f, queries: f.queries + (targeted ? 1 : 0) }));
    };
  },
});
