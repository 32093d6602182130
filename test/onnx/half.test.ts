import { expect, test } from 'vitest';
import { constant, conv, input, type NodeOf } from '../../src/graph/index.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { fromHalf, toHalf } from '../../src/onnx/half.ts';
import { readOnnx } from '../../src/onnx/read.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { runFile } from './run.ts';

const finite = Array.from({ length: 0x7c00 }, (_, bits) => bits);

test('every half keeps its bits, with either sign', () => {
  for (const bits of finite)
    for (const signed of [bits, bits | 0x8000])
      if (toHalf(fromHalf(signed)) !== signed) expect.fail(`bits ${signed} become ${toHalf(fromHalf(signed))}`);
});

test('numbers between two halves go to the nearer one, and to the even one from the middle', () => {
  for (const bits of finite.slice(0, -1)) {
    const [low, high] = [fromHalf(bits), fromHalf(bits + 1)];
    const at = (share: number) => toHalf(low + share * (high - low));
    const even = bits % 2 ? bits + 1 : bits;
    if (at(0.49) !== bits || at(0.5) !== even || at(0.51) !== bits + 1) expect.fail(`between ${low} and ${high}`);
  }
  expect(toHalf(65519)).toBe(0x7bff);
  expect(toHalf(-65520)).toBe(0xfc00);
});

test('a file with halves holds rounded weights and exact biases, and runs as it reads', async () => {
  const weights = Float32Array.of(0.1, -2, 1 / 3, 1e-3, 5, 0.7);
  const bias = Float32Array.of(0.1, 0.7);
  const x = input('x', ['N', 3, 1, 1]);
  const bytes = writeModel({ y: conv(x, constant(weights, [2, 3, 1, 1]), constant(bias, [2])) }, { halves: true });
  const [, w, b] = readOnnx(bytes, { file: 'net.onnx' }).outputs.get('y')!.inputs as NodeOf<'constant'>[];
  expect([...w.attrs.data]).toEqual(Array.from(weights, (v) => fromHalf(toHalf(v))));
  expect([...b.attrs.data]).toEqual([...bias]);
  const { data } = await runFile(bytes, tensor([1, 3, 1, 1], [1, 2, 3]));
  const row = (k: number) => [0, 1, 2].reduce((sum, c) => sum + w.attrs.data[3 * k + c] * (c + 1), bias[k]);
  [0, 1].forEach((k) => expect(data[k]).toBeCloseTo(row(k), 5));
});
