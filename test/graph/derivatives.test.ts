import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { opNames, opOf } from '../../src/graph/node.ts';
import { checkDerivatives } from './check.ts';
import { cases } from './cases/index.ts';

describe('the first and second derivative agree with central differences', () => {
  it('for every op that has one', () => {
    const differentiable = opNames().filter((op) => opOf(op).derivative);
    expect(Object.keys(cases).toSorted()).toEqual(differentiable.toSorted());
  });

  it.each(Object.entries(cases))('%s', (_, instances) => {
    fc.assert(fc.property(instances, fc.nat(), checkDerivatives), { numRuns: 40, seed: 1 });
  });
});
