import * as g from '../src/graph/index.ts';
import { layersBetween, preprocess, type Model } from '../src/model/model.ts';
import { createRng } from '../src/numeric/random.ts';

const stages = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
];

/** VGG-16 (arXiv:1409.1556) at 224x224 with its dense head, random weights: for timing only. */
export function vgg16(): Model {
  const rng = createRng(0, 'vgg16');
  const random = (shape: readonly number[], fanIn: number) => {
    const scale = Math.sqrt(6 / fanIn);
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1)).map(() => scale * (2 * rng.uniform() - 1));
    return g.constant(data, shape);
  };
  const pixels = g.input('pixels', ['N', 3, 224, 224]);
  const input = preprocess(pixels, 'imagenet');
  let x = input;
  stages.forEach((stage, s) => {
    stage.forEach((out, i) => {
      const channels = g.sizeAlong(x, 1);
      const weight = random([out, channels, 3, 3], 9 * channels);
      x = g.conv(x, weight, g.zeros([out]), { pads: [1, 1, 1, 1] });
      x = g.named(g.relu(x), `relu${s + 1}_${i + 1}`);
    });
    x = g.named(g.maxPool(x, { kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0], ceil: false }), `pool${s + 1}`);
  });
  x = g.reshape(x, ['N', 25088]);
  for (const [i, [from, to]] of [
    [25088, 4096],
    [4096, 4096],
    [4096, 1000],
  ].entries()) {
    x = g.dense(x, random([from, to], from), g.zeros([to]));
    if (i < 2) x = g.named(g.relu(x), `relu${i + 6}`);
  }
  return {
    name: 'vgg16',
    pixels,
    input,
    logits: x,
    layers: layersBetween(input, x),
    size: [224, 224],
    classes: 1000,
    notes: [],
    hash: 'random',
  };
}
