import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect } from 'vitest';
import { drawingFormats, type Drawing } from '../../reports/drawing.ts';

/**
 * Compares a picture with `golden/<name>.png`, both reduced to a quarter, by the mean absolute difference. Run the tests with
 * UPDATE_GOLDEN=1 to draw the golden pictures anew, and look at them.
 */
export async function expectGolden(name: string, png: Buffer, { tolerance = 1, update = true } = {}): Promise<void> {
  const path = fileURLToPath(new URL(`golden/${name}.png`, import.meta.url));
  const { width, height } = await sharp(png).metadata();
  const reduced = sharp(png)
    .resize(Math.round(width / 4), Math.round(height / 4))
    .removeAlpha();
  if (process.env.UPDATE_GOLDEN && update)
    await writeFile(path, await reduced.clone().png({ palette: true }).toBuffer());
  expect(existsSync(path), `no golden picture ${path}: run with UPDATE_GOLDEN=1`).toBe(true);
  const got = await reduced.raw().toBuffer({ resolveWithObject: true });
  const golden = await sharp(path).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  expect([got.info.width, got.info.height]).toEqual([golden.info.width, golden.info.height]);
  const difference = got.data.reduce((sum, v, i) => sum + Math.abs(v - golden.data[i]), 0) / got.data.length;
  expect(difference).toBeLessThan(tolerance);
}

/** Compares a drawing with its golden picture twice: as pixels, and as the strokes of its SVG, whose letters have other edges. */
export async function expectGoldenDrawing(name: string, drawing: Drawing): Promise<void> {
  await expectGolden(name, drawingFormats.png(drawing));
  const strokes = sharp(Buffer.from(drawingFormats.svg(drawing)), { density: 144 });
  await expectGolden(name, await strokes.png().toBuffer(), { tolerance: 1.5, update: false });
}

/** Width and height of a PNG, and the share of its pixels that are not white. */
export async function inkOf(png: Buffer): Promise<{ width: number; height: number; share: number }> {
  const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, share: data.filter((v) => v < 250).length / data.length };
}
