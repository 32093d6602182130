import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { opNames, opOf } from '../../src/graph/node.ts';
import type { OpName } from '../../src/graph/index.ts';
import { control } from './cases/control.ts';
import { elementwise } from './cases/elementwise.ts';
import { linear } from './cases/linear.ts';
import { pool } from './cases/pool.ts';
import { reduce } from './cases/reduce.ts';
import { structure } from './cases/structure.ts';
import { checkDerivatives, type Instance } from './check.ts';

const cases: Partial<Record<OpName, fc.Arbitrary<Instance>>> = {
  ...elementwise,
  ...linear,
  ...pool,
  ...reduce,
  ...structure,
  ...control,
};

describe('the first and second derivative agree with central differences', () => {
  it('for every op that has one', () => {
    const differentiable = opNames().filter((op) => opOf(op).derivative);
    expect(Object.keys(cases).toSorted()).toEqual(differentiable.toSorted());
  });

  it.each(Object.entries(cases))('%s', (_, instances) => {
    fc.assert(fc.property(instances, fc.nat(), checkDerivatives), { numRuns: 40, seed: 1 });
  });
});
