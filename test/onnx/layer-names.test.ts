import { expect, test } from 'vitest';
import { add, constant, conv, exp, input, named, relu } from '../../src/graph/index.ts';
import { decodeModel } from '../../src/onnx/proto.ts';
import { readOnnx } from '../../src/onnx/read.ts';
import { writeModel } from '../../src/onnx/write.ts';

const x = input('x', ['N', 1, 2, 2]);
const weight = constant(Float32Array.of(2), [1, 1, 1, 1]);

test('layers keep their names in a file', () => {
  const y = named(relu(named(conv(x, weight), 'stage1.conv')), 'stage1.relu');
  const read = readOnnx(writeModel({ y }), { file: 'net.onnx' }).outputs.get('y')!;
  expect([read.name, read.inputs[0].name]).toEqual(['stage1.relu', 'stage1.conv']);
});

test('every node of a file has a name of its own', () => {
  const y = add(named(exp(x), 'layer'), add(named(relu(x), 'layer'), named(conv(x, weight), 'Add_3')));
  const names = decodeModel(writeModel({ y })).graph.node.flatMap((n) => n.name ?? []);
  expect(names).toEqual(expect.arrayContaining(['layer', 'layer_2', 'Add_3']));
  expect(new Set(names).size).toBe(names.length);
});
