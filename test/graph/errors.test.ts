import { describe, expect, it } from 'vitest';
import * as g from '../../src/graph/index.ts';

const x = g.input('x', ['N', 4, 7, 6]);
const m = g.input('m', [2, 3]);
const places = g.input('places', [2], 'int64');
const flags = g.greater(m, 0);
const node = (...shape: g.Shape) => g.input('node', shape);
const pooling = { kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0], ceil: false } as const;
const averaging = { ...pooling, countPadding: true };

describe('a GraphError says what does not fit', () => {
  it.each<[() => g.Node, string]>([
    [() => g.add(m, node(4)), 'add of [2,3], [4]: shapes [2,3] and [4] do not broadcast'],
    [() => g.add(m, places), 'add of [2,3], [2]: mixed types float32 and int64'],
    [() => g.exp(places), 'exp of [2]: needs float32, got int64'],
    [() => g.not(m), 'not of [2,3]: needs bool, got float32'],
    [() => g.and(flags, m), 'and of [2,3], [2,3]: needs bool'],
    [() => g.where(m, m, m), 'the condition must be bool, not float32'],
    [() => g.where(flags, m, g.cast(m, 'int64')), 'mixed types float32 and int64'],
    [() => g.softplus(m, m), 'softplus of [2,3], [2,3]: beta must be a scalar'],

    [() => g.conv(m, m), 'conv of [2,3], [2,3]: the input must have 4 axes'],
    [() => g.conv(x, m), 'the weight must have 4 axes'],
    [
      () => g.conv(x, node(8, 3, 3, 3)),
      'conv of [N,4,7,6], [8,3,3,3]: the number of input channels of the weight is 3, expected 4',
    ],
    [() => g.conv(x, node(8, 4, 3, 3), node(4)), 'the bias must have the shape [8]'],
    [() => g.conv(x, node(8, 4, 3, 9)), 'a kernel that spans 9 pixels does not fit into 6'],
    [() => g.conv(x, node(6, 1, 1, 1), undefined, { groups: 4 }), '6 channels do not split into 4 groups'],
    [() => g.conv(node(1, 1, 'N', 2), node(1, 1, 1, 1)), 'the picture size may not depend on the batch size (N)'],
    [() => g.convInput(node(1, 3, 2, 2), node(4, 1, 1, 1), [2, 2]), 'the number of output channels is 3, expected 4'],
    [() => g.convInput(node(1, 4, 2, 2), node(4, 1, 1, 1), [2, 3]), 'the width of the result is 2, expected 3'],
    [() => g.convWeight(x, node(3, 8, 5, 4), [3, 3]), 'the batch size is 3, expected N'],
    [() => g.convWeight(x, node('N', 8, 4, 4), [3, 3]), 'the height of the result is 4, expected 5'],
    [() => g.convWeight(x, node('N', 3, 5, 4), [3, 3], { groups: 2 }), '3 channels do not split into 2 groups'],
    [() => g.dense(node(3), m), 'the input needs at least 2 axes'],
    [() => g.dense(m, m), 'dense of [2,3], [2,3]: the number of input features is 3, expected 2'],
    [() => g.dense(m, node(3, 4, 5)), 'dense of [2,3], [3,4,5]: the weight must have 2 axes'],
    [() => g.dense(m, node(3, 4), node(3)), 'the bias must have the shape [4]'],
    [() => g.matmul(m, m), 'the number of rows of the second operand is 2, expected 3'],
    [() => g.matmul(m, node(3)), 'both operands need at least 2 axes'],

    [() => g.maxPool(m, pooling), 'maxPool of [2,3]: the input must have 4 axes'],
    [() => g.maxPool(x, { ...pooling, kernel: [9, 2] }), 'a window of 9 does not fit into 7 pixels with padding'],
    [() => g.maxPool(x, { ...pooling, pads: [0, 0, 0, 2] }), 'padding of 2 pixels needs a larger window than 2'],
    [() => g.poolGather(x, x), 'indices must be int64, not float32'],
    [() => g.poolScatter(x, places, [2, 2]), 'values and indices must have one shape'],
    [() => g.avgPoolInput(node(1, 1, 3, 3), [8, 6], averaging), 'the pooled picture must have the shape [4,3]'],

    [() => g.reduceSum(m, [2]), 'reduceSum of [2,3]: axis 2 is outside a tensor of rank 2'],
    [() => g.reduceSum(m, [1, -1]), 'an axis is named twice in [1,1]'],
    [() => g.reduceMean(x, [0]), 'the number of averaged values may not depend on the batch size (N)'],
    [() => g.softmax(g.scalar(1)), 'softmax of []: axis -1 is outside a tensor of rank 0'],

    [() => g.reshape(m, [5]), 'reshape of [2,3]: cannot become [5]'],
    [() => g.transpose(m, [0, 0]), '[0,0] is not a permutation of its axes'],
    [() => g.transpose(m, [0]), '[0] is not a permutation of its axes'],
    [() => g.expand(m, [2, 6]), 'expand of [2,3]: shapes [2,3] and [2,6] do not broadcast'],
    [() => g.expand(m, [3]), 'does not expand to [3]'],
    [() => g.slice(x, 0, 1), 'slice of [N,4,7,6]: a sliced axis may not depend on the batch size (N)'],
    [() => g.slice(m, 0, 1, 0), 'bad slice 1:0:1 of 2'],
    [() => g.slice(m, 0, 0, 1, 0), 'bad slice 0:1:0 of 2'],
    [() => g.slice(m, 5, 0, 1), 'slice of [2,3]: axis 5 is outside a tensor of rank 2'],
    [() => g.pad(x, [1, 0, 0, 0], [0, 0, 0, 0]), 'a padded axis may not depend on the batch size (N)'],
    [() => g.pad(x, [-1, 0, 0, 0], [0, 0, 0, 0]), 'axis 0 of [N,4,7,6] depends on the batch size'],
    [() => g.pad(m, [1], [1]), 'pad of [2,3]: needs one amount for each axis'],
    [() => g.pad(m, [1, 0], [1]), 'pad of [2,3]: needs one amount for each axis'],
    [() => g.pad(m, [1], [1, 0]), 'pad of [2,3]: needs one amount for each axis'],
    [() => g.concat([m, node(2, 3, 1)], 0), 'concat of [2,3], [2,3,1]: does not fit together along axis 0'],
    [() => g.concat([m, node(2, 4)], 0), 'does not fit together along axis 0'],
    [() => g.concat([x, node(1, 4, 7, 6)], 0), 'cannot add the dimensions [N,1]'],
    [() => g.gather(m, m, 0), 'indices must be int64, not float32'],
    [
      () => g.scatterAdd(node(3, 4), places, 0, 9),
      'scatterAdd of [3,4], [2]: the axes from 0 on must be those of the indices',
    ],
    [() => g.scatterAdd(m, places, 2, 9), 'axis 2 is outside a tensor of rank 2'],
    [() => g.constant(new Float32Array(3), [2, 2]), 'a constant of shape [2,2] needs 4 values, got 3'],
  ])('%s', (make, message) => {
    expect(make).toThrow(g.GraphError);
    expect(make).toThrow(message);
  });

  it('and names the layer', () => {
    const make = () => g.apply('relu', [places], {}, 'features.3');
    expect(make).toThrow("relu (layer 'features.3') of [2]: needs float32, got int64");
  });

  it('where a layer no longer fits after rewriting', () => {
    const layer = g.named(g.add(m, node(3)), 'shortcut');
    expect(() => g.substitute([layer], new Map([[m, node(2, 4)]]))).toThrow(
      "add (layer 'shortcut') of [2,4], [3]: shapes [2,4] and [3] do not broadcast",
    );
  });
});
