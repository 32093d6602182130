import { conv, dense, input, named, sizeAlong, type Node } from '../graph/index.ts';
import type { Rng } from '../numeric/random.ts';
import { tensor, type Tensor } from '../numeric/tensor.ts';
import type { Layers } from './architecture.ts';
import { batchNorm } from './batch-norm.ts';
import { layerNorm } from './layer-norm.ts';
import { samePads } from './padding.ts';

/** A tensor that training changes. */
export interface Parameter {
  readonly name: string;
  /** The input node through which its value comes. */
  readonly node: Node;
  /** Whether weight decay pulls it to zero. */
  readonly decays: boolean;
  initial(rng: Rng): Tensor;
}

/** A running average of something the batches tell: state that has no gradient. */
export interface Statistic {
  readonly name: string;
  readonly node: Node;
  /** What the current batch says. */
  readonly batch: Node;
  /** The value that the average starts from. */
  readonly initial: number;
}

/** Layers whose weights are inputs of the graph, in the order in which they were asked for. */
export interface TrainingLayers extends Layers {
  readonly parameters: readonly Parameter[];
  readonly statistics: readonly Statistic[];
}

/** Normally distributed weights whose variance is `gain` over the number of inputs of a neuron; a gain of 2 is He's for ReLU. */
const gaussian = (shape: readonly number[], fanIn: number, gain: number) => (rng: Rng) => {
  const deviation = Math.sqrt(gain / fanIn);
  const t = tensor(shape);
  for (let i = 0; i < t.data.length; i++) t.data[i] = deviation * rng.normal();
  return t;
};

const filled = (shape: readonly number[], value: number) => () => ({ shape, data: tensor(shape).data.fill(value) });

/** Makes layers for training: batch normalisation uses the batch's statistics and keeps running averages of them. */
export function trainingLayers(): TrainingLayers {
  const parameters: Parameter[] = [];
  const statistics: Statistic[] = [];
  const parameter = (name: string, shape: readonly number[], decays: boolean, initial: Parameter['initial']): Node => {
    const node = input(name, shape);
    parameters.push({ name, node, decays, initial });
    return node;
  };
  return {
    parameters,
    statistics,
    convNorm(name, x, channels, kernel, stride = 1) {
      const from = x.shape[1] as number;
      const shape = [channels, from, kernel, kernel];
      const weight = parameter(`${name}.weight`, shape, true, gaussian(shape, from * kernel * kernel, 2));
      const gamma = parameter(`${name}.gamma`, [channels], false, filled([channels], 1));
      const beta = parameter(`${name}.beta`, [channels], false, filled([channels], 0));
      const z = conv(x, weight, undefined, { strides: [stride, stride], pads: samePads(kernel) });
      const { y, mean, variance } = batchNorm(z, gamma, beta);
      statistics.push(
        { name: `${name}.mean`, node: input(`${name}.mean`, [channels]), batch: mean, initial: 0 },
        { name: `${name}.variance`, node: input(`${name}.variance`, [channels]), batch: variance, initial: 1 },
      );
      return named(y, name);
    },
    patches(name, x, features, size) {
      const from = x.shape[1] as number;
      const shape = [features, from, size, size];
      const weight = parameter(`${name}.weight`, shape, true, gaussian(shape, from * size * size, 1));
      const bias = parameter(`${name}.bias`, [features], false, filled([features], 0));
      return named(conv(x, weight, bias, { strides: [size, size] }), name);
    },
    layerNorm(name, x) {
      const features = sizeAlong(x, -1);
      const gamma = parameter(`${name}.gamma`, [features], false, filled([features], 1));
      const beta = parameter(`${name}.beta`, [features], false, filled([features], 0));
      return named(layerNorm(x, gamma, beta), name);
    },
    learned: (name, shape) => parameter(name, shape, false, gaussian(shape, 1, 4e-4)),
    dense(name, x, features) {
      const from = sizeAlong(x, -1);
      const weight = parameter(`${name}.weight`, [from, features], true, gaussian([from, features], from, 0.1));
      const bias = parameter(`${name}.bias`, [features], false, filled([features], 0));
      return named(dense(x, weight, bias), name);
    },
  };
}
