import { describe, expect, it } from 'vitest';
import * as g from '../../src/graph/index.ts';

describe('dimensions', () => {
  it('multiply, with at most one batch size among them', () => {
    expect(g.product([])).toBe(1);
    expect(g.product([2, 3])).toBe(6);
    expect(g.product(['N'])).toBe('N');
    expect(g.product([2, 'N', 3])).toBe('6N');
    expect(g.product(['4N', 2])).toBe('8N');
    expect(() => g.product(['N', 'N'])).toThrow('the product of [N,N] holds the batch size twice');
  });

  it('add up when they are of one kind', () => {
    expect(g.sum([2, 3])).toBe(5);
    expect(g.sum(['N', '2N'])).toBe('3N');
    expect(() => g.sum(['N', 1])).toThrow('cannot add the dimensions [N,1]');
  });

  it('become numbers when the batch size is known', () => {
    expect(g.resolveShape(['N', 3, '12N'], 2)).toEqual([2, 3, 24]);
  });
});

describe('broadcast', () => {
  it('follows NumPy, with symbolic sizes too', () => {
    expect(g.broadcast([], [3])).toEqual([3]);
    expect(g.broadcast([2, 1], [3])).toEqual([2, 3]);
    expect(g.broadcast(['N', 1, 4], [5, 1])).toEqual(['N', 5, 4]);
    expect(g.broadcast([1, 3], ['2N', 1], [3])).toEqual(['2N', 3]);
  });

  it('says what does not fit', () => {
    expect(() => g.broadcast([2], [3])).toThrow('shapes [2] and [3] do not broadcast');
    expect(() => g.broadcast(['N'], [3])).toThrow('shapes [N] and [3] do not broadcast');
    expect(() => g.broadcast(['N'], ['2N'])).toThrow(RangeError);
  });
});

describe('axisOf', () => {
  it('counts from either end', () => {
    expect(g.axisOf(1, 3)).toBe(1);
    expect(g.axisOf(-1, 3)).toBe(2);
  });
  it.each([3, -4, 0.5, NaN])('refuses %d in rank 3', (axis) => {
    expect(() => g.axisOf(axis, 3)).toThrow(`axis ${axis} is outside a tensor of rank 3`);
  });
});

const x = g.input('x', ['N', 4, 7, 6]);
const pooling = { kernel: [3, 3], strides: [2, 2], pads: [0, 0, 0, 0], ceil: false } as const;

describe('shapes of results', () => {
  it.each<[string, g.Node, g.Shape]>([
    [
      'conv',
      g.conv(x, g.input('w', [8, 2, 3, 3]), undefined, { groups: 2, pads: [1, 0, 1, 0], strides: [2, 1] }),
      ['N', 8, 4, 4],
    ],
    ['dilated conv', g.conv(x, g.input('w', [8, 4, 3, 2]), undefined, { dilations: [3, 2] }), ['N', 8, 1, 4]],
    [
      'convInput',
      g.convInput(g.input('y', ['N', 8, 3, 2]), g.input('w', [8, 2, 3, 3]), [7, 6], { groups: 2, strides: [2, 2] }),
      ['N', 4, 7, 6],
    ],
    ['convWeight', g.convWeight(x, g.input('y', ['N', 8, 5, 4]), [3, 3]), [8, 4, 3, 3]],
    ['maxPool', g.maxPool(x, pooling), ['N', 4, 3, 2]],
    ['maxPool, ceil', g.maxPool(x, { ...pooling, ceil: true }), ['N', 4, 3, 3]],
    [
      'maxPool, ceil, no window in the padding',
      g.maxPool(x, { ...pooling, kernel: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1], ceil: true }),
      ['N', 4, 4, 4],
    ],
    ['dense', g.dense(g.input('t', ['N', 5, 3]), g.input('w', [3, 2])), ['N', 5, 2]],
    ['matmul', g.matmul(g.input('a', ['N', 1, 2, 3]), g.input('b', [5, 3, 4])), ['N', 5, 2, 4]],
    ['reduceSum', g.reduceSum(x, [0, -1]), [4, 7]],
    ['reduceSum, kept', g.reduceSum(x, [0, -1], true), [1, 4, 7, 1]],
    ['reshape', g.reshape(x, ['4N', 42]), ['4N', 42]],
    ['transpose', g.transpose(x, [1, 0, 3, 2]), [4, 'N', 6, 7]],
    ['slice', g.slice(x, -1, 1, -1, 2), ['N', 4, 7, 2]],
    ['pad', g.pad(x, [0, 0, 1, -2], [0, 0, 2, 0]), ['N', 4, 10, 4]],
    ['concat of batches', g.concat([x, x], 0), ['2N', 4, 7, 6]],
    ['gather', g.gather(x, g.input('i', [2, 5], 'int64'), 1), ['N', 2, 5, 7, 6]],
    ['scatterAdd', g.scatterAdd(g.input('y', ['N', 2, 5]), g.input('i', [2], 'int64'), -2, 9), ['N', 9, 5]],
    ['resize', g.resize(x, [3, 9]), ['N', 4, 3, 9]],
    ['sumTo', g.sumTo(x, [7, 1]), [7, 1]],
  ])('%s', (_, node, shape) => expect(node.shape).toEqual(shape));

  it('are bool for comparisons and int64 for indices', () => {
    expect(g.greater(x, 0).dtype).toBe('bool');
    expect(g.and(g.greater(x, 0), g.not(g.equal(x, 1))).dtype).toBe('bool');
    expect(g.maxPoolIndices(x, pooling).dtype).toBe('int64');
  });
});

describe('operations that change nothing return their operand', () => {
  it.each<[string, g.Node]>([
    ['reshape', g.reshape(x, x.shape)],
    ['transpose', g.transpose(x, [0, 1, 2, 3])],
    ['expand', g.expand(x, ['N', 4, 7, 6])],
    ['slice', g.slice(x, 2, 0, 7)],
    ['slice of the batch axis', g.slice(x, 0, 0)],
    ['pad', g.pad(x, [0, 0, 0, 0], [0, 0, 0, 0])],
    ['concat', g.concat([x], 1)],
    ['cast', g.cast(x, 'float32')],
    ['sumTo', g.sumTo(x, x.shape)],
  ])('%s', (_, node) => expect(node).toBe(x));
});
