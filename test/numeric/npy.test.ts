import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/numeric/errors.ts';
import { readNpy, readNpz, writeNpy, writeNpz } from '../../src/numeric/npy.ts';

/** An `.npy` file of version 1.0 put together by hand. */
function npy(header: string, body: ArrayLike<number>): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`);
  return Uint8Array.of(0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, text.length, 0, ...text, ...Array.from(body));
}

const header = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;

describe('.npy', () => {
  test('gives back what was written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
        fc.infiniteStream(fc.float()),
        (shape, values) => {
          const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => values.next().value!);
          const bytes = writeNpy({ shape, data });
          expect(readNpy(bytes)).toEqual({ shape, data });
        },
      ),
    );
    const others = [
      Float64Array.of(0.1),
      Int8Array.of(-1),
      Uint8Array.of(255),
      Int32Array.of(-7),
      BigInt64Array.of(-5n),
    ];
    for (const data of others) expect(readNpy(writeNpy({ shape: [1], data }))).toEqual({ shape: [1], data });
  });

  test('starts its data on a multiple of 64 bytes, as NumPy does', () => {
    const bytes = writeNpy({ shape: [3, 1], data: Float32Array.of(1, 2, 3) });
    expect(bytes.length).toBe(128 + 12);
    expect(new TextDecoder().decode(bytes.subarray(10, 127)).trimEnd()).toBe(header('<f4', '(3, 1)'));
    expect(bytes[127]).toBe(10);
  });

  test('is read in either memory order, either byte order and at any offset', () => {
    const columns = npy(header('|u1', '(2, 3)', 'True'), [1, 4, 2, 5, 3, 6]);
    expect(readNpy(columns)).toEqual({ shape: [2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) });
    expect(readNpy(npy(header('>i2', '(2,)'), [1, 0, 0, 2])).data).toEqual(Int16Array.of(256, 2));
    expect(readNpy(npy(header('>f4', '()'), [0x3f, 0x80, 0, 0]))).toEqual({ shape: [], data: Float32Array.of(1) });
    expect(readNpy(npy(header('|b1', '(2,)'), [1, 0])).data).toEqual(Uint8Array.of(1, 0));
  });

  test.each([
    ['another file', Uint8Array.of(1, 2, 3), /map: is not an \.npy array/],
    ['text items', npy(header('<U4', '(1,)'), []), /header that is not understood/],
    ['objects', npy(header('|O8', '(1,)'), []), /header that is not understood/],
    ['complex items', npy(header('<c8', '(1,)'), []), /items of type c8/],
    ['missing data', npy(header('<f4', '(2,)'), [0, 0, 0, 0]), /holds 4 bytes of data where its shape needs 8/],
  ])('of %s is refused', (_, bytes, message) => {
    expect(() => readNpy(bytes, 'map')).toThrow(message);
    expect(() => readNpy(bytes, 'map')).toThrow(UserError);
  });

  test('is not written when data and shape disagree', () => {
    expect(() => writeNpy({ shape: [2], data: Float32Array.of(1) })).toThrow(RangeError);
  });
});

describe('.npz', () => {
  const arrays = {
    maps: { shape: [1, 2], data: Float32Array.of(1, 2) },
    labels: { shape: [2], data: Int32Array.of(3, 4) },
  };

  test('gives back what was written, in the same bytes each time', () => {
    const bytes = writeNpz(arrays);
    expect(readNpz(bytes)).toEqual(arrays);
    expect(writeNpz(arrays)).toEqual(bytes);
  });

  test('is refused when it is no archive', () => {
    expect(() => readNpz(Uint8Array.of(1, 2, 3), 'maps.npz')).toThrow(/^maps\.npz: is not an \.npz archive/);
  });
});

test('reads from a Node buffer that shares its memory with others', () => {
  const file = writeNpy({ shape: [2], data: Float32Array.of(1.5, -2) });
  const shared = Buffer.alloc(file.length + 3);
  shared.set(file, 3);
  expect([...(readNpy(shared.subarray(3)).data as Float32Array)]).toEqual([1.5, -2]);
});
