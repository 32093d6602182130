import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxOf, geometry, moveBox, moveImage, moveMask, type Fit, type Size } from '../../src/data/geometry.ts';
import { tensor } from '../../src/numeric/tensor.ts';

/** A picture that is white where its mask is 1: a filled rectangle. */
function rectangle([height, width]: Size, box: { x0: number; y0: number; x1: number; y1: number }) {
  const mask = new Uint8Array(height * width);
  for (let y = box.y0; y < box.y1; y++) mask.fill(1, y * width + box.x0, y * width + box.x1);
  return { mask, image: tensor([1, height, width], mask) };
}

const side = fc.integer({ min: 12, max: 90 });
const policy = fc.constantFrom<Fit>('crop', 'squash');

describe('geometry', () => {
  test('resizes and crops as torchvision does', () => {
    expect(geometry([375, 500], [224, 224], 'crop')).toMatchObject({ resized: [256, 341], offset: [16, 58] });
    expect(geometry([500, 333], [224, 224], 'crop')).toMatchObject({ resized: [384, 256], offset: [80, 16] });
    // int(round(2.5)) is 2 in Python.
    expect(geometry([32, 48], [32, 32], 'crop')).toMatchObject({ resized: [37, 55], offset: [2, 12] });
  });

  test('leaves a picture of the wanted size alone under every policy', () => {
    const image = tensor(
      [3, 8, 6],
      Float32Array.from({ length: 144 }, (_, i) => i / 255),
    );
    for (const fit of ['crop', 'squash', 'exact'] as const)
      expect(moveImage(image, geometry([8, 6], [8, 6], fit))).toBe(image);
  });

  test('refuses other sizes under "exact"', () => {
    expect(() => geometry([8, 6], [8, 8], 'exact')).toThrow('is 6x8 pixels, not 8x8');
  });

  test('moves the mask with the picture', () => {
    fc.assert(
      fc.property(side, side, side, side, policy, fc.infiniteStream(fc.nat()), (h, w, H, W, fit, numbers) => {
        const below = (n: number) => numbers.next().value! % n;
        const [x0, y0] = [below(w - 8), below(h - 8)];
        const { image, mask } = rectangle([h, w], { x0, y0, x1: x0 + 8, y1: y0 + 8 });
        const move = geometry([h, w], [H, W], fit);
        const movedImage = moveImage(image, move).data;
        const movedMask = moveMask(mask, move);
        const beyond = movedMask.findIndex((v, p) => (v === 1 ? movedImage[p] < 0.2 : movedImage[p] > 0.8));
        expect(beyond).toBe(-1);
      }),
    );
  });

  test('moves a box as the mask that fills it', () => {
    fc.assert(
      fc.property(side, side, side, side, policy, fc.infiniteStream(fc.nat()), (h, w, H, W, fit, numbers) => {
        const below = (n: number) => numbers.next().value! % n;
        const [x0, y0] = [below(w - 1), below(h - 1)];
        const box = { x0, y0, x1: x0 + 1 + below(w - x0), y1: y0 + 1 + below(h - y0) };
        const move = geometry([h, w], [H, W], fit);
        const filled = boxOf(moveMask(rectangle([h, w], box).mask, move), H, W);
        if (filled) expect(moveBox(box, move)).toEqual(filled);
      }),
    );
  });

  test('keeps one pixel of a thin box and refuses one that the crop cuts off', () => {
    expect(moveBox({ x0: 30, y0: 30, x1: 31, y1: 31 }, geometry([60, 60], [6, 6], 'squash'))).toEqual({
      x0: 3,
      y0: 3,
      x1: 4,
      y1: 4,
    });
    expect(() => moveBox({ x0: 0, y0: 0, x1: 4, y1: 50 }, geometry([50, 200], [50, 50], 'crop'))).toThrow(/outside/);
  });

  test('resamples linearly: enlarging interpolates, shrinking averages', () => {
    const ramp = tensor([1, 1, 4], [0, 1, 2, 3]);
    const twice = moveImage(ramp, geometry([1, 4], [1, 8], 'squash'));
    expect(Array.from(twice.data)).toEqual([0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3]);
    // Weights 1/8, 3/8, 3/8, 1/8 of the triangle, renormalised at the border where one falls outside.
    const halved = moveImage(ramp, geometry([1, 4], [1, 2], 'squash'));
    expect(halved.data[0]).toBeCloseTo((3 * 0 + 3 * 1 + 1 * 2) / 7, 6);
    expect(halved.data[1]).toBeCloseTo((1 * 1 + 3 * 2 + 3 * 3) / 7, 6);
  });
});
