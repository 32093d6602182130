import { describe, expect, test } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import type { Tensors } from '../../src/engine/engine.ts';
import { evaluate } from '../../src/engine/reference.ts';
import {
  add,
  constant,
  conv,
  div,
  input,
  mul,
  reshape,
  sqrt,
  sub,
  transpose,
  type Node,
} from '../../src/graph/index.ts';
import { createRng } from '../../src/numeric/random.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { findArchitecture } from '../../src/train/architectures.ts';
import type { Architecture, Layers } from '../../src/train/architecture.ts';
import { normEpsilon } from '../../src/train/batch-norm.ts';
import { finishedLayers } from '../../src/train/finished-layers.ts';
import { momentum } from '../../src/train/momentum.ts';
import { trainingStep } from '../../src/train/step.ts';
import { trainingLayers } from '../../src/train/training-layers.ts';
import { tiny, wide } from './tiny.ts';

/** Layers in which batch normalisation is carried out, by the running averages. */
function unfolded(state: Tensors): Layers {
  const part = (name: string): Node => constant(state[name].data, state[name].shape);
  const along = (v: Node) => reshape(v, [1, v.shape[0], 1, 1]);
  return {
    ...finishedLayers(state),
    convNorm(name, x, _channels, kernel, stride = 1) {
      const p = (kernel - 1) / 2;
      const z = conv(x, part(`${name}.weight`), undefined, { strides: [stride, stride], pads: [p, p, p, p] });
      const deviation = sqrt(add(part(`${name}.variance`), normEpsilon));
      const standard = div(sub(z, along(part(`${name}.mean`))), along(deviation));
      return add(mul(standard, along(part(`${name}.gamma`))), along(part(`${name}.beta`)));
    },
  };
}

/** A state with statistics, scales and offsets as a training might leave them. */
function trained(architecture: Architecture, size: number, classes: number): Tensors {
  const state = trainingStep(architecture, {
    batch: 2,
    classes,
    size,
    weightDecay: 0,
    optimiser: momentum,
  }).initialState(5);
  const rng = createRng(5, 'trained');
  const drawn = (name: string) => {
    const { shape, data } = state[name];
    const centre = name.endsWith('.gamma') || name.endsWith('.variance') ? 1 : 0;
    return tensor(
      shape,
      data.map(() => centre + 0.6 * (rng.uniform() - 0.5)),
    );
  };
  const redrawn = Object.keys(state).filter((name) => /[.](gamma|beta|mean|variance)$/.test(name));
  return { ...state, ...Object.fromEntries(redrawn.map((name) => [name, drawn(name)])) };
}

const noise = (shape: readonly number[]) => {
  const rng = createRng(6, 'noise');
  return tensor(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
  );
};

describe('folding batch normalisation', () => {
  test('changes nothing in the tiny net', () => {
    const state = trained(tiny, 6, 3);
    const x = input('x', ['N', 3, 6, 6]);
    const { shape, data } = noise([4, 3, 6, 6]);
    const feeds = { x: { shape, data: Float64Array.from(data) } };
    const [folded, plain] = evaluate(
      [tiny.logits(x, finishedLayers(state), 3), tiny.logits(x, unfolded(state), 3)],
      feeds,
      4,
    );
    plain.data.forEach((v, i) => expect(Math.abs(folded.data[i] - v)).toBeLessThan(1e-5));
  });

  const nets = ['scenes-vgg-5-elu', 'scenes-vgg-13-softplus', 'scenes-resnet', 'scenes-resnet-8-silu', 'scenes-vit'];
  test.each(nets)('changes nothing in %s', async (name) => {
    const architecture = findArchitecture(name);
    const state = trained(architecture, 64, 10);
    const engine = createOnnxRuntimeEngine({ threads: 1 });
    const pixels = input('pixels', ['N', 3, 64, 64]);
    const [plain, folded] = [unfolded(state), finishedLayers(state)].map((layers) =>
      architecture.logits(pixels, layers, 10),
    );
    const { y, z } = await engine.compile({ y: plain, z: folded }).run({ pixels: noise([2, 3, 64, 64]) });
    const scale = Math.max(...y.data.map(Math.abs));
    y.data.forEach((v, i) => expect(Math.abs(z.data[i] - v) / scale).toBeLessThan(1e-5));
    await engine.release();
  });
});

test('layers without batch normalisation are the same in training and in the finished net', () => {
  const x = input('x', [2, 3, 6, 6]);
  const net = (layers: Layers) => {
    const grid = reshape(layers.patches('patches', x, 5, 3), [2, 5, 4]);
    const tokens = add(layers.dense('dense', transpose(grid, [0, 2, 1]), 7), layers.learned('position', [1, 4, 7]));
    return layers.layerNorm('norm', tokens);
  };
  const layers = trainingLayers();
  const training = net(layers);
  const rng = createRng(7, 'state');
  const state = Object.fromEntries(
    layers.parameters.map(({ name, initial }) => {
      const { shape, data } = initial(rng);
      return [
        name,
        tensor(
          shape,
          data.map((v) => v + 0.3 * rng.normal()),
        ),
      ];
    }),
  );
  const { shape, data } = noise([2, 3, 6, 6]);
  const [got, wanted] = evaluate([net(finishedLayers(state)), training], wide({ ...state, x: tensor(shape, data) }));
  expect(got.shape).toEqual([2, 4, 7]);
  wanted.data.forEach((v, i) => expect(got.data[i]).toBeCloseTo(v, 12));
});
