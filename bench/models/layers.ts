import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import { layersBetween, preprocess, type Model } from '../../src/model/model.ts';
import { createRng } from '../../src/numeric/random.ts';

/** Layers with random weights that keep activations at their size. */
export interface Layers {
  conv(x: Node, out: number, kernel: number, stride?: number, pad?: number): Node;
  dense(x: Node, out: number): Node;
}

/** A classifier of pictures of 224x224 into 1,000 classes, with seeded random weights: for timing only. */
export function randomModel(name: string, build: (input: Node, layers: Layers) => Node): Model {
  const rng = createRng(0, name);
  const random = (shape: readonly number[], fanIn: number) => {
    const scale = Math.sqrt(6 / fanIn);
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
    for (let i = 0; i < data.length; i++) data[i] = scale * (2 * rng.uniform() - 1);
    return g.constant(data, shape);
  };
  const pixels = g.input('pixels', ['N', 3, 224, 224]);
  const input = preprocess(pixels, 'imagenet');
  const logits = build(input, {
    conv(x, out, kernel, stride = 1, pad = (kernel - 1) / 2) {
      const channels = g.sizeAlong(x, 1);
      const weight = random([out, channels, kernel, kernel], kernel * kernel * channels);
      return g.conv(x, weight, g.zeros([out]), { strides: [stride, stride], pads: [pad, pad, pad, pad] });
    },
    dense: (x, out) => g.dense(x, random([g.sizeAlong(x, 1), out], g.sizeAlong(x, 1)), g.zeros([out])),
  });
  return {
    name,
    pixels,
    input,
    logits,
    layers: layersBetween(input, logits),
    size: [224, 224],
    classes: 1000,
    notes: [],
    hash: 'random',
  };
}
