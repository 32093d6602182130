import { describe, expect, it } from 'vitest';
import { at, batchOf, stack } from '../../src/numeric/tensor.ts';
import { readOnnx } from '../../src/onnx/read.ts';
import { build } from './build.ts';
import { activation } from './cases/activation.ts';
import { arithmetic } from './cases/arithmetic.ts';
import type { Case } from './cases/case.ts';
import { linear } from './cases/linear.ts';
import { pool } from './cases/pool.ts';
import { shapes } from './cases/shape.ts';
import { structure } from './cases/structure.ts';
import { drawTensor, relativeDifference, runFile, runNode } from './run.ts';

const families = {
  arithmetic,
  activation,
  linear,
  'pooling and normalisation': pool,
  structure,
  'shapes computed in the file': shapes,
};

describe.each(Object.entries(families))('%s', (_, cases) => {
  it.each<Case>(cases)('$title', async ({ range = [-2, 2], ...sketch }) => {
    const bytes = build(sketch);
    const { input, outputs } = readOnnx(bytes, { file: 'sketch.onnx' });
    const pictures = drawTensor([2, ...(input.shape.slice(1) as number[])], ...range);

    const got = await runNode(outputs.get('y')!, input, pictures);

    // A file made for a batch of one runs one picture at a time; its import runs any number.
    const fixed = sketch.shape[0] === 1;
    const expected = fixed
      ? stack(await Promise.all([0, 1].map(async (i) => at(await runFile(bytes, batchOf(at(pictures, i))), 0))))
      : await runFile(bytes, pictures);
    expect(got.shape).toEqual(expected.shape);
    expect(relativeDifference(got, expected)).toBeLessThan(1e-5);
  });
});
