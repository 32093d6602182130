import { z } from 'zod';
import { UserError } from '../src/numeric/errors.ts';
import { at, stack } from '../src/numeric/tensor.ts';
import type { AttackSetup, Victim } from './attack.ts';
import { otherClasses } from './classes.ts';

/** The class that an attack steers to: its index, the most probable other class (`next`) or the least probable one. */
export const goalOption = z
  .union([z.int().nonnegative(), z.enum(['next', 'least-likely'])], {
    error: 'expected the index of a class, next or least-likely',
  })
  .optional();
export type Goal = z.infer<typeof goalOption>;

/** The class of each picture that an attack steers to, and the forward passes that it took to find it. */
export interface Goals {
  readonly queries: number;
  of(victims: readonly Victim[]): Promise<readonly number[]>;
}

/** Finds the classes to steer to. Throws UserError for a class that the model has not. */
export function goalsOf(
  { engine, model }: Pick<AttackSetup<unknown>, 'engine' | 'model'>,
  goal: NonNullable<Goal>,
): Goals {
  if (typeof goal === 'number') {
    if (goal >= model.classes)
      throw new UserError(
        `target: the model "${model.name}" has ${model.classes} classes, and ${goal} is none of them`,
      );
    return { queries: 0, of: (victims) => Promise.resolve(victims.map(() => goal)) };
  }
  const program = engine.compile({ logits: model.logits });
  return {
    queries: 1,
    async of(victims) {
      const { logits } = await program.run({ pixels: stack(victims.map(({ image }) => image)) });
      return victims.map(({ target }, i) => otherClasses(at(logits, i).data, target).at(goal === 'next' ? 0 : -1)!);
    },
  };
}
