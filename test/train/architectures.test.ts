import { describe, expect, test } from 'vitest';
import { topological, input } from '../../src/graph/index.ts';
import { architectures, findArchitecture, variantName } from '../../src/train/architectures.ts';
import { trainingLayers } from '../../src/train/training-layers.ts';
import { zooPlan } from '../../src/train/zoo-plan.ts';

describe('the nets that can be trained', () => {
  test('have names of their own, and those of the plan are among them', () => {
    const names = architectures.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(Object.keys(zooPlan)));
  });

  test('leave what is usual out of their names', () => {
    expect(variantName('scenes-vgg')).toBe('scenes-vgg');
    expect(variantName('scenes-vgg', 9, 'relu')).toBe('scenes-vgg');
    expect(variantName('scenes-resnet', 20, 'gelu')).toBe('scenes-resnet-20-gelu');
    expect(() => findArchitecture(variantName('scenes-vgg', 10))).toThrow(/no net "scenes-vgg-10" to train/);
  });

  test.each([
    ['scenes-vgg-5', 5, 'relu'],
    ['scenes-vgg-13-elu', 13, 'elu'],
    ['scenes-resnet-8-leaky-relu', 8, 'leakyRelu'],
    ['scenes-resnet-20-softplus', 20, 'softplus'],
  ])('%s has %i layers with weights and only %s as activation', (name, depth, activation) => {
    const logits = findArchitecture(name).logits(input('x', [2, 3, 64, 64]), trainingLayers(), 10);
    const nodes = topological([logits]);
    const weighty = nodes.filter(({ op, name: layer }) => op === 'conv' || (op === 'dense' && layer === 'fc'));
    // The strided 1x1 convolutions past the second and the third stage are not counted.
    expect(weighty).toHaveLength(depth + (name.includes('resnet') ? 2 : 0));
    const known = ['relu', 'leakyRelu', 'elu', 'gelu', 'silu', 'softplus'];
    expect(new Set(nodes.map(({ op }) => op).filter((op) => known.includes(op)))).toEqual(new Set([activation]));
  });
});
