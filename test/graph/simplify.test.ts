import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/engine/reference.ts';
import * as g from '../../src/graph/index.ts';
import { control } from './cases/control.ts';
import { elementwise } from './cases/elementwise.ts';
import { linear } from './cases/linear.ts';
import { pool } from './cases/pool.ts';
import { reduce } from './cases/reduce.ts';
import { structure } from './cases/structure.ts';
import { expectClose } from './fixture.ts';

/** How many values are computed, those of a loop once a term. */
const count = (...outputs: g.Node[]): number =>
  g.topological(outputs).reduce((sum, { op, inputs, attrs }) => {
    if (op === 'sumOver') return sum + 1 + (inputs[0].shape[0] as number) * count(attrs.body);
    return op === 'input' || op === 'constant' ? sum : sum + 1;
  }, 0);

describe('simplify', () => {
  it.each(Object.entries({ ...control, ...elementwise, ...linear, ...pool, ...reduce, ...structure }))(
    'keeps the value and the derivatives of %s',
    (_, instances) => {
      const property = fc.property(instances, ({ operands, output }) => {
        const inputs = operands.map((v, i) => g.input(`x${i}`, v.shape));
        const y = output(inputs);
        const first = g.grad(g.mul(y, y), inputs);
        const second = g.grad(first.map((d) => g.reduceSum(g.mul(d, d))).reduce(g.add), inputs);
        const outputs = [y, ...first, ...second];
        const simple = g.simplify(outputs);
        expect(count(...simple)).toBeLessThanOrEqual(count(...outputs));
        const feeds = new Map(inputs.map((n, i) => [n, operands[i]]));
        const wanted = evaluate(outputs, feeds);
        evaluate(simple, feeds).forEach((v, i) => expectClose(v, wanted[i], 1e-13));
      });
      fc.assert(property, { numRuns: 15, seed: 1 });
    },
  );

  const x = g.input('x', [2, 3]);

  it.each<[string, g.Node, g.Node]>([
    ['x * 1', g.mul(x, 1), x],
    ['1 * x', g.mul(1, x), x],
    ['x + 0', g.add(x, g.zerosLike(x)), x],
    ['x - 0', g.sub(x, 0), x],
    ['x / 1', g.div(x, 1), x],
    ['--x', g.neg(g.neg(x)), x],
    ['two reshapes', g.reshape(g.reshape(x, [6]), [2, 3]), x],
    ['two transposes', g.transpose(g.transpose(x, [1, 0]), [1, 0]), x],
  ])('leaves out %s', (_, long, short) => expect(g.simplify([long])[0]).toBe(short));

  it('keeps what broadcasts', () => {
    const y = g.mul(g.scalar(2), g.full(x, 1));
    expect(g.simplify([y])[0].shape).toEqual([2, 3]);
  });

  it('computes equal expressions once', () => {
    const [y] = g.simplify([g.add(g.exp(g.mul(x, 2)), g.exp(g.mul(x, 2)))]);
    expect(y.inputs[0]).toBe(y.inputs[1]);
  });

  it('takes the sign of maxima in the place of all that was pooled, ties and overlapping windows included', () => {
    const picture = g.input('picture', [1, 2, 7, 7]);
    const rectified = g.relu(picture);
    const pooled = g.maxPool(rectified, { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceil: false });
    const outputs = [pooled, ...g.grad(g.reduceSum(g.mul(pooled, pooled)), [picture])];
    const simple = g.simplify(outputs);
    const signs = g.topological(simple).filter((n) => n.op === 'sign');
    expect(signs.map((n) => n.inputs[0])).toEqual([simple[0]]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2, max: 3 }), { minLength: 98, maxLength: 98 }), (values) => {
        const feeds = new Map([[picture, { shape: [1, 2, 7, 7], data: Float64Array.from(values) }]]);
        const wanted = evaluate(outputs, feeds);
        evaluate(simple, feeds).forEach((v, i) => expectClose(v, wanted[i], 0));
      }),
      { numRuns: 30 },
    );
  });

  it('tells apart attributes that JSON would not', () => {
    const padded = (value: number) => g.pad(x, [1, 0], [0, 0], value);
    const [up, down] = g.simplify([padded(Infinity), padded(-Infinity)]);
    expect(up).not.toBe(down);
  });
});
