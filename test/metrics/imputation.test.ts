import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { impute } from '../../metrics/imputation.ts';
import { compile } from '../../metrics/multigrid/build.ts';
import { Undefined } from '../../src/numeric/errors.ts';
import { createRng } from '../../src/numeric/random.ts';

type Size = readonly [height: number, width: number];

/** A picture of noise. */
const noise = ([height, width]: Size) => Float32Array.from({ length: 3 * height * width }, (_, i) => (i * 0.618) % 1);

const where = ([height, width]: Size, isMissing: (y: number, x: number) => boolean) =>
  Uint32Array.from({ length: height * width }, (_, p) => p).filter((p) => isMissing(Math.floor(p / width), p % width));

/** The solution in float64, by conjugate gradients: sums of weighted differences from all neighbours inside the picture are 0. */
function exact(picture: Float32Array, pixels: Uint32Array, [height, width]: Size): Float64Array {
  const area = height * width;
  const residual = (values: Float64Array) =>
    Float64Array.from(pixels, (p) => {
      const [y, x] = [Math.floor(p / width), p % width];
      let sum = 0;
      for (let v = Math.max(y - 1, 0); v <= Math.min(y + 1, height - 1); v++)
        for (let u = Math.max(x - 1, 0); u <= Math.min(x + 1, width - 1); u++)
          sum += (v === y || u === x ? 1 / 6 : 1 / 12) * (values[v * width + u] - values[p]);
      return sum;
    });
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, k) => sum + v * b[k], 0);
  const solution = Float64Array.from(picture);
  for (let c = 0; c < 3; c++) {
    const values = solution.subarray(c * area, (c + 1) * area);
    let r = residual(values);
    let direction = r;
    const spread = new Float64Array(area);
    for (let square = dot(r, r); square > 1e-22;) {
      pixels.forEach((p, k) => (spread[p] = direction[k]));
      const image = residual(spread);
      const step = -square / dot(direction, image);
      pixels.forEach((p, k) => (values[p] += step * direction[k]));
      r = r.map((v, k) => v + step * image[k]);
      const share = dot(r, r) / square;
      square *= share;
      direction = direction.map((v, k) => r[k] + share * v);
    }
  }
  return solution;
}

/** How far imputed colours are from the solution at most and as the root of the mean square, and after how many cycles. */
function errors(picture: Float32Array, pixels: Uint32Array, [height, width]: Size, tolerance?: number) {
  const solution = exact(picture, pixels, [height, width]);
  const imputed = picture.slice();
  const cycles = impute(imputed, pixels, { height, width, tolerance });
  const missing = new Set(pixels);
  const difference = solution.map((v, i) => {
    if (missing.has(i % (height * width))) return Math.abs(v - imputed[i]);
    return imputed[i] === picture[i] ? 0 : NaN;
  });
  const mean = Math.sqrt(difference.reduce((sum, v) => sum + v * v, 0) / (3 * pixels.length));
  return { largest: Math.max(...difference), mean, cycles };
}

it('the compiled kernel is that of the source', async () => {
  const committed = readFileSync(new URL('../../metrics/multigrid/bytes.ts', import.meta.url), 'utf8');
  expect(await compile()).toBe(committed);
});

describe('imputation', () => {
  it('solves the system of means to what float32 can, whatever is missing', () => {
    const size = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 2, max: 20 }));
    // From all but one to a few that lie apart.
    const share = fc.oneof(fc.constant(1), fc.constant(0.03), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(size, share, fc.integer(), (of, part, seed) => {
        const order = createRng(seed).shuffle(Uint32Array.from({ length: of[0] * of[1] }, (_, p) => p));
        const count = Math.min(Math.ceil(part * order.length), order.length - 1);
        const { largest } = errors(noise(of), order.slice(0, count), of, 1e-9);
        expect(largest).toBeLessThan(5e-5);
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, (y: number, x: number) => boolean]>([
    ['all but one pixel', (y, x) => y + x > 0],
    ['all but a row', (y) => y > 0],
    ['all but a grid of pixels', (y, x) => y % 8 > 0 || x % 8 > 0],
    ['a chequerboard', (y, x) => (y + x) % 2 === 0],
    ['stripes', (y) => y % 5 > 0],
    ['a maze of thin walls', (y, x) => y % 4 > 0 || x % 31 === 30 * ((y / 4) % 2)],
    ['a ring', (y, x) => Math.abs(Math.hypot(y - 20, x - 20) - 12) < 4],
    ['all but a diagonal', (y, x) => y !== x],
  ])('is near the solution in few cycles for %s', (_, isMissing) => {
    const sizes: Size[] = [
      [48, 48],
      [33, 47],
      [3, 50],
      [1, 40],
    ];
    for (const size of sizes) {
      const pixels = where(size, isMissing);
      if (pixels.length === 0) continue;
      const { largest, mean, cycles } = errors(noise(size), pixels, size);
      expect(largest).toBeLessThan(2.5e-3);
      expect(mean).toBeLessThan(1e-3);
      expect(cycles).toBeLessThanOrEqual(4);
    }
  });

  it('keeps a ramp, which solves the system, over a hole as large as a picture: rounding does not add up', () => {
    const [height, width] = [224, 224];
    const inside = (v: number) => v > 0 && v < 223;
    const ramp = Float32Array.from(
      { length: 3 * 224 * 224 },
      (_, i) => (Math.floor((i % 50176) / 224) + 2 * (i % 224)) / 669,
    );
    const pixels = where([height, width], (y, x) => inside(y) && inside(x));
    const picture = ramp.slice();
    for (const p of pixels) picture[p] = picture[p + 50176] = picture[p + 100352] = 0.3;
    for (const [tolerance, largest] of [
      [1e-3, 1e-3],
      [1e-9, 3e-5],
    ]) {
      const imputed = picture.slice();
      impute(imputed, pixels, { height, width, tolerance });
      expect(imputed.reduce((most, v, i) => Math.max(most, Math.abs(v - ramp[i])), 0)).toBeLessThan(largest);
    }
  });

  it('does not see what it replaces', () => {
    const size: Size = [24, 31];
    const [height, width] = size;
    const pixels = where(size, (y, x) => Math.hypot(y - 12, x - 9) < 8);
    const [one, other] = [noise(size), noise(size)];
    for (const p of pixels) other[p] = 0.123;
    for (const picture of [one, other]) impute(picture, pixels, { height, width });
    expect(one).toEqual(other);
  });

  it('gives the same again, whatever it imputed in between', () => {
    const size = fc.constantFrom<Size>([13, 30], [40, 40]);
    const share = fc.double({ min: 0.1, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(size, fc.tuple(share, share, share), ([height, width], shares) => {
        const order = createRng(height).shuffle(Uint32Array.from({ length: height * width }, (_, p) => p));
        const imputed = (part: number) => {
          const picture = noise([height, width]);
          impute(picture, order.slice(0, part * order.length), { height, width });
          return Buffer.from(picture.buffer);
        };
        const first = shares.map(imputed);
        const again = shares.toReversed().map(imputed).toReversed();
        expect(again.map((bytes, i) => bytes.equals(first[i]))).toEqual([true, true, true]);
      }),
    );
  });

  it('leaves a picture without missing pixels as it is, and has no value where all are missing', () => {
    const picture = noise([4, 5]);
    const before = picture.slice();
    impute(picture, new Uint32Array(), { height: 4, width: 5 });
    expect(picture).toEqual(before);
    expect(() =>
      impute(
        picture,
        where([4, 5], () => true),
        { height: 4, width: 5 },
      ),
    ).toThrow(Undefined);
  });
});
