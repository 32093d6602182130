import type fc from 'fast-check';
import type { OpName } from '../../../src/graph/index.ts';
import type { Instance } from '../check.ts';
import { control } from './control.ts';
import { elementwise } from './elementwise.ts';
import { linear } from './linear.ts';
import { pool } from './pool.ts';
import { reduce } from './reduce.ts';
import { structure } from './structure.ts';

/** Random instances of every op that has a derivative. */
export const cases: Partial<Record<OpName, fc.Arbitrary<Instance>>> = {
  ...elementwise,
  ...linear,
  ...pool,
  ...reduce,
  ...structure,
  ...control,
};
