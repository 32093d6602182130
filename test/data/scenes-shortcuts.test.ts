import { expect, test } from 'vitest';
import { scene, type Scene } from '../../src/data/scenes.ts';

const bins = 4;

/** Joint colour histogram, `bins` a channel. */
function histogram({ image }: Scene): number[] {
  const counts = new Array<number>(bins ** 3).fill(0);
  const area = image.data.length / 3;
  const bin = (v: number) => Math.min(bins - 1, Math.floor(v * bins));
  for (let p = 0; p < area; p++)
    counts[(bin(image.data[p]) * bins + bin(image.data[p + area])) * bins + bin(image.data[p + 2 * area])]++;
  return counts.map((n) => Math.sqrt(n / area));
}

/** Position and size of the object, which the mask gives away: more than a model can know. */
function place({ mask, box }: Scene): number[] {
  let [n, x, y] = [0, 0, 0];
  mask.forEach((v, p) => {
    n += v;
    x += v * (p % 64);
    y += v * Math.floor(p / 64);
  });
  return [x / n / 64, y / n / 64, n / 4096, (box.x0 + box.x1) / 128, (box.y0 + box.y1) / 128];
}

/** Mean colours of a 4x4 grid. */
function thumbnail({ image }: Scene): number[] {
  const cells = new Array<number>(48).fill(0);
  image.data.forEach((v, i) => {
    const [c, y, x] = [i >> 12, (i >> 6) & 63, i & 63];
    cells[(c * 4 + (y >> 4)) * 4 + (x >> 4)] += v / 256;
  });
  return cells;
}

/** Share of correct answers, on the last third, of a softmax regression on standardised features trained on the rest. */
function softmaxAccuracy(features: number[][], labels: number[], epochs = 60): number {
  const [n, width] = [features.length, features[0].length];
  const split = Math.floor((n * 2) / 3);
  const standard = Array.from({ length: width }, (_, j) => {
    const column = features.slice(0, split).map((f) => f[j]);
    const mean = column.reduce((a, b) => a + b, 0) / split;
    const deviation = Math.sqrt(column.reduce((a, b) => a + (b - mean) ** 2, 0) / split);
    return { mean, scale: deviation > 1e-6 ? 1 / deviation : 0 };
  });
  const inputs = features.map((f) => [...f.map((v, j) => (v - standard[j].mean) * standard[j].scale), 1]);
  const weights = Array.from({ length: 10 }, () => new Float64Array(width + 1));
  const scores = (x: number[]) => weights.map((w) => x.reduce((sum, v, j) => sum + v * w[j], 0));
  for (let epoch = 0; epoch < epochs; epoch++)
    for (let i = 0; i < split; i++) {
      const s = scores(inputs[i]);
      const top = Math.max(...s);
      const exp = s.map((v) => Math.exp(v - top));
      const sum = exp.reduce((a, b) => a + b, 0);
      const rate = 0.01 / (1 + epoch / 10);
      for (let k = 0; k < 10; k++) {
        const error = exp[k] / sum - (labels[i] === k ? 1 : 0);
        for (let j = 0; j <= width; j++) weights[k][j] -= rate * (error * inputs[i][j] + 1e-3 * weights[k][j]);
      }
    }
  const right = inputs.slice(split).filter((x, i) => {
    const s = scores(x);
    return s.indexOf(Math.max(...s)) === labels[split + i];
  });
  return right.length / (n - split);
}

const drawn = Array.from({ length: 1500 }, (_, i) => scene(3, 'train', i));
const labels = drawn.map((s) => s.label);

test('the regression learns what can be learnt from its features', () => {
  const telling = drawn.map((s) => [s.label % 2, Math.floor(s.label / 2) % 5, s.label].map((v) => v + s.image.data[0]));
  expect(softmaxAccuracy(telling, labels)).toBeGreaterThan(0.5);
});

test.each([
  ['colours', histogram],
  ['the position and size of the object', place],
  ['coarse colours by place', thumbnail],
  ['colours and position together', (s: Scene) => [...histogram(s), ...place(s)]],
])('the class cannot be told from %s', (_, feature) => {
  expect(softmaxAccuracy(drawn.map(feature), labels)).toBeLessThan(0.25);
});
