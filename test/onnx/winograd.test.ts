import * as ort from 'onnxruntime-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as g from '../../src/graph/index.ts';
import type { Node, Pads } from '../../src/graph/index.ts';
import { tensor, type Tensor } from '../../src/numeric/tensor.ts';
import { decodeModel } from '../../src/onnx/proto.ts';
import { winogradPays, writeModel } from '../../src/onnx/write.ts';
import { drawTensor } from './run.ts';

const fileBy = (y: Node, winograd?: () => boolean) => writeModel({ y }, { runtime: { anyChannels: true, winograd } });
const operators = (file: Uint8Array) => decodeModel(file).graph.node.map((n) => n.opType);

async function run(file: Uint8Array, x: Tensor): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const { y } = await session.run({ x: new ort.Tensor('float32', x.data, x.shape) });
  await session.release();
  return y.data as Float32Array;
}

/** A convolution of stride 1 by its definition, in float64. */
function naive(x: Tensor, w: Tensor, bias: Tensor, [top, left, bottom, right]: Pads): Float64Array {
  const [n, c, h, wide] = x.shape;
  const [o] = w.shape;
  const [rows, columns] = [h + top + bottom - 2, wide + left + right - 2];
  return Float64Array.from({ length: n * o * rows * columns }, (_, at) => {
    const [b, channel, row, column] = [
      Math.floor(at / (o * rows * columns)),
      Math.floor(at / (rows * columns)) % o,
      Math.floor(at / columns) % rows,
      at % columns,
    ];
    let sum = bias.data[channel];
    for (let k = 0; k < c; k++)
      for (let i = 0; i < 3; i++)
        for (let j = 0; j < 3; j++) {
          const [r, s] = [row + i - top, column + j - left];
          if (r >= 0 && r < h && s >= 0 && s < wide)
            sum += x.data[((b * c + k) * h + r) * wide + s] * w.data[((channel * c + k) * 3 + i) * 3 + j];
        }
    return sum;
  });
}

const worst = (got: Float32Array, expected: ArrayLike<number>) => {
  expect(got.length).toBe(expected.length);
  const values = Array.from(expected);
  return Math.max(...values.map((v, i) => Math.abs(v - got[i]))) / Math.max(...values.map(Math.abs), 1e-3);
};

const convolution = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  c: fc.integer({ min: 1, max: 4 }),
  o: fc.integer({ min: 1, max: 5 }),
  size: fc.tuple(fc.integer({ min: 3, max: 13 }), fc.integer({ min: 3, max: 13 })),
  pads: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 4 }).map((p) => p as unknown as Pads),
});

describe('convolutions by Winograd’s algorithm', () => {
  it('are convolutions, for any size, padding and batch', () =>
    fc.assert(
      fc.asyncProperty(convolution, async ({ n, c, o, size, pads }) => {
        const [w, bias] = [drawTensor([o, c, 3, 3]), drawTensor([o])];
        const picture = drawTensor([n, c, ...size]);
        const x = g.input('x', ['N', c, ...size]);
        const y = g.conv(x, g.constant(w.data, w.shape), g.constant(bias.data, bias.shape), { pads });
        const file = fileBy(y, () => true);
        expect(operators(file)).toContain('MatMul');
        expect(worst(await run(file, picture), naive(picture, w, bias, pads))).toBeLessThan(5e-6);
      }),
      { numRuns: 25 },
    ));

  it('have derivatives by it too, equal to those of direct ones', () =>
    fc.assert(
      fc.asyncProperty(convolution, async ({ n, c, o, size, pads }) => {
        const w = drawTensor([o, c, 3, 3]);
        const x = g.input('x', ['N', c, ...size]);
        const y = g.conv(x, g.constant(w.data, w.shape), undefined, { pads });
        const [dx] = g.grad(g.reduceSum(g.mul(y, y), [1, 2, 3]), [x]);
        const picture = drawTensor([n, c, ...size]);
        const [fast, direct] = [fileBy(dx, () => true), fileBy(dx)];
        expect(operators(fast).filter((op) => op === 'MatMul')).toHaveLength(6);
        expect(worst(await run(fast, picture), await run(direct, picture))).toBeLessThan(2e-5);
      }),
      { numRuns: 15 },
    ));

  it.each([1, -1])('keep the sign of sums of terms of sign %i, exactly', async (sign) => {
    // One row of large values in each tile: sums of small values elsewhere in it come out with either sign.
    const values = drawTensor([1, 3, 12, 12], 0, 1).data.map((v, i) =>
      Math.floor(i / 12) % 4 === 0 ? 1e4 * v : 1e-6 * v,
    );
    const weights = drawTensor([4, 3, 3, 3], 0, 1).data.map((v) => sign * v);
    const x = g.input('x', ['N', 3, 12, 12]);
    const of = (input: Node) => g.conv(input, g.constant(weights, [4, 3, 3, 3]), undefined, { pads: [1, 1, 1, 1] });
    const picture = tensor([1, 3, 12, 12], values);
    const wrong = (data: Float32Array) => data.filter((v) => sign * v < 0).length;
    expect(
      wrong(
        await run(
          fileBy(of(x), () => true),
          picture,
        ),
      ),
    ).toBeGreaterThan(0);
    expect(
      wrong(
        await run(
          fileBy(of(g.relu(x)), () => true),
          picture,
        ),
      ),
    ).toBe(0);
  });

  it('are left direct where the weight is not known beforehand, and where stride, dilation, groups or padding are other', () => {
    const x = g.input('x', ['N', 4, 9, 9]);
    const weight = g.constant(drawTensor([4, 4, 3, 3]).data, [4, 4, 3, 3]);
    const grouped = g.constant(drawTensor([4, 2, 3, 3]).data, [4, 2, 3, 3]);
    const fed = g.input('w', [4, 4, 3, 3]);
    for (const y of [
      g.conv(x, fed),
      g.conv(x, weight, undefined, { strides: [2, 1] }),
      g.conv(x, weight, undefined, { dilations: [1, 2] }),
      g.conv(x, grouped, undefined, { groups: 2 }),
      g.convInput(x, weight, [5, 5], { strides: [1, 1], pads: [3, 3, 3, 3], dilations: [1, 1], groups: 1 }),
    ])
      expect(operators(fileBy(y, () => true))).not.toContain('MatMul');
  });

  it('pay for the wide layers of VGG-16, and for none of SqueezeNet or ResNet-50', () => {
    const pays = (channels: number, out: number, size: number, kernel = 3) =>
      winogradPays({ kernel: [kernel, kernel], channels: { in: channels, out }, size: [size, size] });
    expect([
      pays(64, 64, 224),
      pays(128, 128, 112),
      pays(256, 256, 56),
      pays(512, 512, 28),
      pays(512, 512, 14),
    ]).toEqual([false, true, true, true, true]);
    expect([
      pays(64, 256, 13),
      pays(64, 64, 56),
      pays(128, 128, 28),
      pays(256, 256, 14),
      pays(512, 512, 7),
    ]).not.toContain(true);
    expect(pays(512, 512, 28, 1)).toBe(false);
  });
});
