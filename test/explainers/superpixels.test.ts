import { describe, expect, it } from 'vitest';
import { connected } from '../../src/explainers/superpixels/connected.ts';
import { toLab } from '../../src/explainers/superpixels/lab.ts';
import { gridSegments, type Segmentation } from '../../src/explainers/superpixels/segmentation.ts';
import { slic } from '../../src/explainers/superpixels/slic.ts';
import { createRng } from '../../src/numeric/random.ts';
import { tensor, type Tensor } from '../../src/numeric/tensor.ts';

const picture = (height: number, width: number, colour: (y: number, x: number, c: number) => number): Tensor =>
  tensor(
    [3, height, width],
    Float32Array.from({ length: 3 * height * width }, (_, i) => {
      const p = i % (height * width);
      return colour(Math.floor(p / width), p % width, Math.floor(i / (height * width)));
    }),
  );
const noise = (seed: number, height: number, width: number) => {
  const rng = createRng(seed);
  return picture(height, width, (y, x) => Math.min(Math.max((x + y) / (height + width) + 0.2 * rng.normal(), 0), 1));
};

/** Whether the pixels of a segment hang together, by spreading from one of them until nothing changes. */
function isConnected({ labels }: Segmentation, segment: number, width: number): boolean {
  const reached = new Set([labels.indexOf(segment)]);
  for (let before = 0; before < reached.size;) {
    before = reached.size;
    for (const p of [...reached])
      for (const q of [
        p - width,
        p + width,
        ...(p % width > 0 ? [p - 1] : []),
        ...((p + 1) % width > 0 ? [p + 1] : []),
      ])
        if (labels[q] === segment) reached.add(q);
  }
  return reached.size === labels.filter((label) => label === segment).length;
}

describe('Lab', () => {
  // Values of scikit-image's rgb2lab.
  it.each<[rgb: number[], lab: number[]]>([
    [
      [1, 1, 1],
      [100, 0, 0],
    ],
    [
      [1, 0, 0],
      [53.2406, 80.0923, 67.2028],
    ],
    [
      [0.2, 0.5, 0.7],
      [50.972, -6.3982, -33.7093],
    ],
    [
      [0.01, 0, 0.02],
      [0.2496, 1.3759, -1.695],
    ],
  ])('of %j', (rgb, lab) => {
    toLab(tensor([3, 1, 1], rgb)).forEach((v, i) => expect(v).toBeCloseTo(lab[i], 2));
  });
});

describe('grid', () => {
  it('has about the wanted number of equal rectangles', () => {
    expect(gridSegments([224, 224], 50).count).toBe(49);
    expect(gridSegments([4, 6], 6).labels.join('')).toBe('001122001122334455334455');
    expect(gridSegments([2, 2], 100)).toEqual({ labels: Int32Array.of(0, 1, 2, 3), count: 4 });
  });
});

describe('SLIC', () => {
  it.each([0, 1, 2])('cuts noise into connected segments that all occur, seed %i', (seed) => {
    const [height, width] = [30, 40];
    const result = slic(noise(seed, height, width), 20);
    expect(result.count).toBe(20);
    expect(new Set(result.labels).size).toBe(result.count);
    expect(Math.max(...result.labels)).toBe(result.count - 1);
    for (let k = 0; k < result.count; k++) expect(isConnected(result, k, width)).toBe(true);
    expect(slic(noise(seed, height, width), 20)).toEqual(result);
  });

  it('cuts a plain picture into its grid', () => {
    expect(
      slic(
        picture(24, 24, () => 0.4),
        9,
      ),
    ).toEqual(gridSegments([24, 24], 9));
  });

  it('follows the edge of an object', () => {
    const inside = (y: number, x: number) => (y - 17) ** 2 + (x - 22) ** 2 < 100;
    const { labels, count } = slic(
      picture(40, 40, (y, x, c) => (inside(y, x) ? (c === 0 ? 0.9 : 0.1) : 0.4)),
      25,
    );
    for (let k = 0; k < count; k++) {
      const members = [...labels.keys()].filter((p) => labels[p] === k);
      const share = members.filter((p) => inside(Math.floor(p / 40), p % 40)).length / members.length;
      expect(Math.min(share, 1 - share)).toBe(0);
    }
  });

  it('keeps about as many segments in pure noise', () => {
    const rng = createRng(4);
    const { count } = slic(
      picture(32, 32, () => rng.uniform()),
      16,
    );
    expect(count).toBe(16);
  });
});

describe('connected', () => {
  it('keeps the largest part of a segment and gives the rest to what reaches it first', () => {
    // 0 0 0 1 1      0 0 0 1 1
    // 0 0 0 1 0  ->  0 0 0 1 1
    // 3 1 3 3 3      0 0 3 3 3
    const labels = Int32Array.of(0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 3, 1, 3, 3, 3);
    const { labels: joined, count } = connected(labels, 5);
    expect([joined.join(''), count]).toEqual(['000110001100222', 3]);
  });
});
