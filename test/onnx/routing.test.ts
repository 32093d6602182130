import * as ort from 'onnxruntime-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as g from '../../src/graph/index.ts';
import type { PoolAttrs } from '../../src/graph/index.ts';
import { sizeOf } from '../../src/numeric/tensor.ts';
import { decodeModel } from '../../src/onnx/proto.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { poolings } from '../graph/cases/pool.ts';
import { rngs } from '../graph/draw.ts';

async function run(file: Uint8Array, feeds: Record<string, [data: Float32Array, shape: readonly number[]]>) {
  const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const found = await session.run(
    Object.fromEntries(
      Object.entries(feeds).map(([name, [data, shape]]) => [name, new ort.Tensor('float32', data, shape)]),
    ),
  );
  await session.release();
  return (name: string) => Array.from(found[name].data as Float32Array);
}

/** Where the first maximum of each window is, row by row, by the definition. */
function naive(x: Float32Array, [n, c, h, w]: readonly number[], y: readonly number[], attrs: PoolAttrs): number[] {
  const { kernel, strides, pads } = attrs;
  const places: number[] = [];
  for (let plane = 0; plane < n * c; plane++)
    for (let r = 0; r < y[2]; r++)
      for (let q = 0; q < y[3]; q++) {
        let best = -1;
        for (let i = 0; i < kernel[0]; i++)
          for (let j = 0; j < kernel[1]; j++) {
            const [row, column] = [r * strides[0] + i - pads[0], q * strides[1] + j - pads[1]];
            if (row < 0 || row >= h || column < 0 || column >= w) continue;
            const at = (plane * h + row) * w + column;
            if (best < 0 || x[at] > x[best]) best = at;
          }
        places.push(best);
      }
  return places;
}

describe('routing of max pools', () => {
  it('takes the first of equal maxima, for any window, stride and padding', async () => {
    await fc.assert(
      fc.asyncProperty(poolings, rngs, async ({ attrs, size, x, y }, rng) => {
        const draw = (shape: readonly number[]) =>
          Float32Array.from({ length: sizeOf(shape) }, () => rng.integer(3) - 3);
        const [values, upstairs, downstairs] = [draw(x), draw(x), draw(y)];
        const [pooled, others, cotangent] = [g.input('x', x), g.input('v', x), g.input('t', y)];
        const indices = g.maxPoolIndices(pooled, attrs);
        const file = writeModel({
          places: g.cast(indices, 'float32'),
          gathered: g.poolGather(others, indices),
          scattered: g.poolScatter(cotangent, indices, size),
        });
        const found = await run(file, { x: [values, x], v: [upstairs, x], t: [downstairs, y] });

        const places = naive(values, x, y, attrs);
        const sums = new Array<number>(sizeOf(x)).fill(0);
        places.forEach((at, i) => (sums[at] += downstairs[i]));
        expect(found('places')).toEqual(places);
        expect(found('gathered')).toEqual(places.map((at) => upstairs[at]));
        expect(found('scattered')).toEqual(sums);
      }),
      { numRuns: 150 },
    );
  });

  it('needs no list of places', () => {
    const x = g.input('x', ['N', 8, 7, 7]);
    const attrs = { kernel: [3, 3], strides: [2, 2], pads: [0, 0, 0, 0], ceil: false } as const;
    const [gradient] = g.grad(g.reduceSum(g.maxPool(x, attrs), [1, 2, 3]), [x]);
    const { graph } = decodeModel(writeModel({ gradient }));
    const ops = graph.node.map((n) => n.opType);
    expect(ops).toContain('Equal');
    for (const op of ['ScatterElements', 'CumSum', 'Cast']) expect(ops).not.toContain(op);
    const read = new Set(graph.node.flatMap((n) => n.input));
    expect(graph.initializer!.filter(({ name }) => !read.has(name!))).toEqual([]);
  });
});
