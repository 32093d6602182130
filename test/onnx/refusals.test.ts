import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/numeric/errors.ts';
import { dataTypes } from '../../src/onnx/proto.ts';
import { readOnnx } from '../../src/onnx/read.ts';
import { build, int, ints, step, weights, type Sketch } from './build.ts';
import { drawTensor, relativeDifference, runFile, runNode } from './run.ts';

const shape = ['n', 3, 8, 8];
const relu = [step('Relu', ['x'])];

/** The message that reading ends with. */
function refusal(bytes: Uint8Array, folder?: string): string {
  try {
    readOnnx(bytes, { file: 'model.onnx', folder });
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
  throw new Error('was read');
}

const refused = (sketch: Partial<Sketch>) => refusal(build({ steps: relu, shape, ...sketch }));

describe('files that are no models', () => {
  const whole = build({ steps: [step('Conv', ['x', weights([4, 3, 3, 3])])], shape });

  it('names an empty file', () => {
    expect(refusal(new Uint8Array())).toBe('model.onnx: is empty and no ONNX model; copy or download it again');
  });

  it('refuses other bytes in one line', () => {
    for (const bytes of [
      new TextEncoder().encode('<html>not found</html>'),
      new Uint8Array(100),
      new Uint8Array(64).fill(255),
    ])
      expect(refusal(bytes)).toMatch(/^model[.]onnx: is (.+ and )?no ONNX model.*$/);
  });

  it('refuses a file cut off anywhere', () => {
    for (let length = 1; length < whole.length; length++)
      expect(refusal(whole.subarray(0, length))).toMatch(/^model[.]onnx: .+$/);
  });

  it('refuses weights that do not fill their shape', () => {
    const short = { dims: [4, 3, 3, 3], dataType: dataTypes.float32, rawData: new Uint8Array(8) };
    expect(refused({ steps: [step('Conv', ['x', short])] })).toBe(
      "model.onnx: the tensor 'constant0' should hold 432 bytes but holds 8: the file is damaged",
    );
  });

  it('names the missing source of a value', () => {
    expect(refused({ steps: [step('Add', ['x', 'ghost'])] })).toContain("nothing computes the value 'ghost'");
  });
});

describe('models that are no picture classifiers', () => {
  it.each<[string, Partial<Sketch>, string]>([
    ['two inputs', { extraInputs: ['second'] }, "but has 2: 'x' [?,3,8,8], 'second' [?,3,8,8]"],
    ['a vector', { shape: ['n', 12] }, "the input 'x' [?,12] is not a picture"],
    ['integers', { elemType: dataTypes.int64 }, 'is not a picture [n,c,h,w] of floats'],
    ['an open size', { shape: ['n', 3, 'h', 'w'] }, "leaves the picture's size open"],
    ['open channels', { shape: ['n', 'c', 8, 8] }, 'leaves the number of channels open'],
    ['a new opset', { opset: 23 }, 'has opset 23; opsets 7 to 22 are read'],
    ['an old opset', { opset: 6 }, 'has opset 6'],
  ])('refuses %s', (_, sketch, message) => {
    expect(refused(sketch)).toContain(message);
  });
});

describe('what is not supported', () => {
  it('is listed, all of it, with names', () => {
    const steps = [
      { ...step('Einsum', ['x'], {}, 'a'), name: 'attention' },
      step('MaxPool', ['x'], { kernel_shape: ints(2, 2), dilations: ints(2, 2) }, 'b'),
      { ...step('QuickGelu', ['x'], {}, 'c'), domain: 'com.microsoft' },
      step('Relu', ['a'], {}, 'd'),
      step('Sum', ['d', 'b', 'c']),
    ];
    expect(refused({ steps })).toBe(
      [
        'model.onnx: not supported:',
        "  Einsum 'attention'",
        "  MaxPool 'b' has dilations [2,2]; only 1 is read",
        "  QuickGelu 'c' of the domain com.microsoft",
      ].join('\n'),
    );
  });

  it('includes convolutions along one axis', () => {
    const steps = [
      step('Squeeze', ['x', { dims: [1], dataType: dataTypes.int64, int64Data: [3] }], {}, 's'),
      step('Conv', ['s', weights([4, 3, 3])]),
    ];
    expect(refused({ steps, shape: ['n', 3, 8, 1] })).toContain("Conv 'y' works on 1 spatial axes");
  });

  it('does not include what no output needs', () => {
    const bytes = build({ steps: [step('Einsum', ['x'], {}, 'unused'), ...relu], shape });
    expect(readOnnx(bytes, { file: 'model.onnx' }).outputs.get('y')).toMatchObject({ op: 'relu' });
  });

  it('includes shapes that do not fit', () => {
    expect(refused({ steps: [step('Conv', ['x', weights([4, 5, 3, 3])])] })).toMatch(
      /Conv 'y' conv of .*: the number of input channels/,
    );
  });
});

describe('external data', () => {
  const folder = mkdtempSync(join(tmpdir(), 'external-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const kernel = drawTensor([4, 3, 1, 1]);
  writeFileSync(join(folder, 'weights.bin'), Buffer.concat([Buffer.alloc(16), Buffer.from(kernel.data.buffer)]));
  const external = (location: string, offset = 16) => ({
    dims: [4, 3, 1, 1],
    dataType: dataTypes.float32,
    dataLocation: 1,
    externalData: Object.entries({ location, offset: `${offset}`, length: '48' }).map(([key, value]) => ({
      key,
      value,
    })),
  });
  const using = (tensor: ReturnType<typeof external>) => build({ steps: [step('Conv', ['x', tensor])], shape });

  it('is read from beside the model', async () => {
    const seen: number[] = [];
    const { input, outputs } = readOnnx(using(external('weights.bin')), {
      file: 'model.onnx',
      folder,
      onExternal: (bytes) => seen.push(bytes.length),
    });
    const inside = { dims: [4, 3, 1, 1], dataType: dataTypes.float32, floatData: [...kernel.data] };
    const picture = drawTensor([1, 3, 8, 8]);
    const expected = await runFile(build({ steps: [step('Conv', ['x', inside])], shape }), picture);
    expect(relativeDifference(await runNode(outputs.get('y')!, input, picture), expected)).toBeLessThan(1e-6);
    expect(seen).toEqual([48]);
  });

  it('is refused where it is missing, too short or outside the folder', () => {
    expect(refusal(using(external('none.bin')), folder)).toContain('which does not exist');
    expect(refusal(using(external('weights.bin', 40)), folder)).toContain('which ends before');
    expect(refusal(using(external('../weights.bin')), folder)).toContain("outside the model's folder");
    expect(refusal(using(external('/etc/hostname')), folder)).toContain("outside the model's folder");
    expect(refusal(using(external('weights.bin')))).toContain('load the model by its path');
  });
});

describe('names', () => {
  it('are those of the nodes, or of their outputs, each once', () => {
    const steps = [
      { ...step('Relu', ['x'], {}, 'a'), name: 'act' },
      { ...step('Relu', ['a'], {}, 'b'), name: 'act' },
      step('Identity', ['b'], {}, 'c'),
      step('Neg', ['c']),
    ];
    const y = readOnnx(build({ steps, shape }), { file: 'model.onnx' }).outputs.get('y')!;
    const [b] = y.inputs;
    expect([y.name, b.name, b.inputs[0].name]).toEqual(['y', 'act_2', 'act']);
  });
});

describe('pictures with channels last', () => {
  it('are read as if channels came first', async () => {
    const steps = [step('Transpose', ['x'], { perm: ints(0, 3, 1, 2) }, 't'), step('Softmax', ['t'], { axis: int(1) })];
    const { input, outputs } = readOnnx(build({ steps, shape: ['n', 8, 6, 3] }), { file: 'model.onnx' });
    expect(input.shape).toEqual(['N', 3, 8, 6]);
    expect(outputs.get('y')!.shape).toEqual(['N', 3, 8, 6]);
  });
});
