import { describe, expect, it } from 'vitest';
import { topological, type Node } from '../../src/graph/index.ts';
import { canonical } from '../../src/model/canonical.ts';
import { readOnnx } from '../../src/onnx/read.ts';
import { build, float, floatTensor, indices, int, ints, scalar, step, weights, type Step } from '../onnx/build.ts';
import { drawTensor, relativeDifference, runNode } from '../onnx/run.ts';

/** Operations that are left, constants and input aside, in topological order. */
const opsOf = (node: Node): string[] =>
  topological([node])
    .map((n) => n.op)
    .filter((op) => op !== 'constant' && op !== 'input');

/** The canonical form of a few steps on pictures `[N,4,6,6]`, after checking that it computes the same. */
async function simplified(steps: readonly Step[]): Promise<Node> {
  const { input, outputs } = readOnnx(build({ steps, shape: ['n', 4, 6, 6], opset: 13 }), { file: 'sketch.onnx' });
  const plain = outputs.get('y')!;
  const [made] = canonical([plain]);
  const picture = drawTensor([2, 4, 6, 6], -4, 4);
  expect(made.shape).toEqual(plain.shape);
  expect(relativeDifference(await runNode(made, input, picture), await runNode(plain, input, picture))).toBeLessThan(
    2e-6,
  );
  return made;
}

const norm = (from: string, to: string, channels: number) =>
  step('BatchNormalization', [from, ...[1, 2, 3].map(() => weights([channels])), weights([channels], 0.5, 2)], {}, to);
const conv = (from: string, to: string, dims = [4, 4, 3, 3], pads = 1, group = 1) =>
  step('Conv', [from, weights(dims)], { pads: ints(pads, pads, pads, pads), group: int(group) }, to);

describe('BatchNorm, factors and offsets', () => {
  it('fold into the convolution before, which keeps its name', async () => {
    const made = await simplified([{ ...conv('x', 'c'), name: 'stem' }, norm('c', 'b', 4), step('Relu', ['b'])]);
    expect(opsOf(made)).toEqual(['conv', 'relu']);
    expect(made.inputs[0].name).toBe('stem');
  });

  it('fold into a convolution of groups and a chain of factors and offsets', async () => {
    const made = await simplified([
      conv('x', 'c', [6, 2, 3, 3], 1, 2),
      norm('c', 'b', 6),
      step('Mul', [scalar(0.5), 'b'], {}, 'm'),
      step('Sub', ['m', weights([6, 1, 1])], {}, 's'),
      step('Div', ['s', weights([1, 6, 1, 1], 1, 2)], {}, 'd'),
      step('Add', [weights([1, 6, 1, 1]), 'd']),
    ]);
    expect(opsOf(made)).toEqual(['conv']);
  });

  it('become one mul and one add where nothing before can take them', async () => {
    const made = await simplified([
      step('Concat', ['x', 'x'], { axis: int(1) }, 'c'),
      norm('c', 'a', 8),
      norm('a', 'b', 8),
      step('Relu', ['b']),
    ]);
    expect(opsOf(made)).toEqual(['concat', 'mul', 'add', 'relu']);
    expect(made.inputs[0].name).toBe('b');
  });

  it('stay where the convolution has another user', async () => {
    const made = await simplified([
      conv('x', 'c'),
      norm('c', 'b', 4),
      step('Relu', ['b'], {}, 'r'),
      step('Add', ['r', 'c']),
    ]);
    expect(opsOf(made).filter((op) => op === 'conv')).toHaveLength(1);
    expect(opsOf(made)).toContain('mul');
  });

  it('fold into the convolution after where it is not padded', async () => {
    const made = await simplified([norm('x', 'b', 4), conv('b', 'y', [6, 4, 3, 3], 0)]);
    expect(opsOf(made)).toEqual(['conv']);
    const grouped = await simplified([norm('x', 'b', 4), conv('b', 'y', [6, 2, 3, 3], 0, 2)]);
    expect(opsOf(grouped)).toEqual(['conv']);
  });

  it('stay before a padded convolution, but for a factor', async () => {
    expect(opsOf(await simplified([norm('x', 'b', 4), conv('b', 'y')]))).toEqual(['mul', 'add', 'conv']);
    expect(opsOf(await simplified([step('Mul', ['x', weights([4, 1, 1])], {}, 'b'), conv('b', 'y')]))).toEqual([
      'conv',
    ]);
  });
});

const flat = [step('GlobalAveragePool', ['x'], {}, 'p'), step('Flatten', ['p'], {}, 'f')];

describe('dense layers', () => {
  it('are products with a matrix, with their bias', async () => {
    const made = await simplified([
      ...flat,
      step('MatMul', ['f', weights([4, 5])], {}, 'm'),
      step('Add', [weights([5]), 'm']),
    ]);
    expect(opsOf(made)).toEqual(['reduceMean', 'reshape', 'dense']);
    expect(made.inputs).toHaveLength(3);
    expect(made.name).toBe('m');
  });

  it('take the BatchNorm on either side', async () => {
    const made = await simplified([
      ...flat,
      norm('f', 'a', 4),
      step('Gemm', ['a', weights([4, 5]), weights([5])], {}, 'g'),
      norm('g', 'y', 5),
    ]);
    expect(opsOf(made)).toEqual(['reduceMean', 'reshape', 'dense']);
  });

  it('take a bias on the last of several axes, and leave one on another', async () => {
    const tokens = [
      step('Reshape', ['x', indices(0, 6, 24)], {}, 't'),
      step('MatMul', ['t', weights([24, 6])], {}, 'm'),
    ];
    expect(opsOf(await simplified([...tokens, step('Add', ['m', weights([6])])]))).toEqual(['reshape', 'dense']);
    expect(opsOf(await simplified([...tokens, step('Add', ['m', weights([6, 1])])]))).toEqual([
      'reshape',
      'dense',
      'add',
    ]);
  });
});

const root = Math.SQRT2;
const erf = (argument: Step) => [argument, step('Erf', ['e'], {}, 'r'), step('Add', ['r', scalar(1)], {}, 'a')];
const byRoot = step('Div', ['x', scalar(root)], {}, 'e');
const cubic = [
  step('Pow', ['x', scalar(3)], {}, 'x3'),
  step('Mul', ['x3', scalar(0.044715)], {}, 'c'),
  step('Add', ['x', 'c'], {}, 's'),
  step('Mul', ['s', scalar(Math.sqrt(2 / Math.PI))], {}, 't'),
  step('Tanh', ['t'], {}, 'h'),
  step('Add', [scalar(1), 'h'], {}, 'a'),
];

describe('activations written as several operations', () => {
  it.each<[string, string, readonly Step[]]>([
    ['silu', 'x * sigmoid(x)', [step('Sigmoid', ['x'], {}, 's'), step('Mul', ['x', 's'])]],
    [
      'silu',
      'x / (1 + exp(-x))',
      [
        step('Neg', ['x'], {}, 'n'),
        step('Exp', ['n'], {}, 'e'),
        step('Add', ['e', scalar(1)], {}, 'a'),
        step('Div', ['x', 'a']),
      ],
    ],
    [
      'gelu',
      '(x * (1 + erf)) * 0.5',
      [...erf(byRoot), step('Mul', ['x', 'a'], {}, 'm'), step('Mul', ['m', scalar(0.5)])],
    ],
    [
      'gelu',
      '(0.5 * x) * (1 + erf)',
      [...erf(byRoot), step('Mul', [scalar(0.5), 'x'], {}, 'm'), step('Mul', ['m', 'a'])],
    ],
    [
      'gelu',
      'x * (0.5 * (1 + erf(x * 0.707)))',
      [
        ...erf(step('Mul', ['x', scalar(1 / root)], {}, 'e')),
        step('Mul', ['a', scalar(0.5)], {}, 'm'),
        step('Mul', ['m', 'x']),
      ],
    ],
    ['gelu', 'gelu by tanh', [...cubic, step('Mul', ['x', scalar(0.5)], {}, 'm'), step('Mul', ['m', 'a'])]],
    [
      'hardSwish',
      'x * clip(x + 3, 0, 6) / 6',
      [
        step('Add', ['x', scalar(3)], {}, 'a'),
        step('Clip', ['a', scalar(0), scalar(6)], {}, 'c'),
        step('Mul', ['x', 'c'], {}, 'm'),
        step('Div', ['m', scalar(6)]),
      ],
    ],
    [
      'hardSwish',
      'x * hardsigmoid(x)',
      [step('HardSigmoid', ['x'], { alpha: float(1 / 6), beta: float(0.5) }, 's'), step('Mul', ['x', 's'])],
    ],
    [
      'mish',
      'x * tanh(softplus(x))',
      [step('Softplus', ['x'], {}, 's'), step('Tanh', ['s'], {}, 't'), step('Mul', ['x', 't'])],
    ],
    ['relu', 'clip(x, 0, inf)', [step('Clip', ['x', scalar(0)])]],
    ['relu', 'max(x, 0)', [step('Max', ['x', scalar(0)])]],
    [
      'softplus',
      'log(1 + exp(x))',
      [step('Exp', ['x'], {}, 'e'), step('Add', ['e', scalar(1)], {}, 'a'), step('Log', ['a'])],
    ],
  ])('%s from %s', async (op, _, steps) => {
    const made = await simplified(steps);
    expect(opsOf(made)).toEqual([op]);
    expect(made.name).toBe('y');
  });

  it('are recognised behind a convolution', async () => {
    const made = await simplified([conv('x', 'c'), step('Sigmoid', ['c'], {}, 's'), step('Mul', ['c', 's'])]);
    expect(opsOf(made)).toEqual(['conv', 'silu']);
  });

  it('are not confused with others', async () => {
    const made = await simplified([step('Sigmoid', ['x'], {}, 's'), step('Mul', ['s', 's'])]);
    expect(opsOf(made)).toEqual(['sigmoid', 'mul']);
    const swish = await simplified([step('HardSwish', ['x'])].map((s) => ({ ...s, op: 'HardSigmoid' })));
    expect(opsOf(swish)).toContain('clip');
  });
});

describe('layout', () => {
  it('loses transpositions that cancel', async () => {
    const made = await simplified([
      step('Transpose', ['x'], { perm: ints(0, 2, 3, 1) }, 'a'),
      step('Transpose', ['a'], { perm: ints(0, 3, 1, 2) }, 'b'),
      step('Relu', ['b']),
    ]);
    expect(opsOf(made)).toEqual(['relu']);
  });

  it('takes zeros around a picture as padding of the convolution', async () => {
    const around = indices(0, 0, 0, 1, 0, 0, 2, 1);
    expect(opsOf(await simplified([step('Pad', ['x', around], {}, 'p'), conv('p', 'y')]))).toEqual(['conv']);
    const ones = await simplified([step('Pad', ['x', around, scalar(1)], {}, 'p'), conv('p', 'y')]);
    expect(opsOf(ones)).toEqual(['pad', 'conv']);
  });

  it('has one reshape for two', async () => {
    const made = await simplified([step('Reshape', ['x', indices(0, 2, -1)], {}, 'r'), step('Flatten', ['r'])]);
    expect(opsOf(made)).toEqual(['reshape']);
  });

  it('leaves a constant that stands for itself', async () => {
    expect(opsOf(await simplified([step('Add', ['x', floatTensor([6], [1, 2, 3, 4, 5, 6])])]))).toEqual(['add']);
  });
});
