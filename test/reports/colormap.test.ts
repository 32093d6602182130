import { describe, expect, it } from 'vitest';
import { diverging, sequential, textOn } from '../../reports/colormap.ts';
import type { Rgb } from '../../reports/colormap.ts';
import { mapScale } from '../../reports/map-scale.ts';
import { mapRaster } from '../../reports/raster.ts';
import { bump } from './samples.ts';

const steps = Array.from({ length: 51 }, (_, i) => i / 50);

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// CIE lightness, a scale other than the one the diverging map is made in.
const lightness = (colour: Rgb) => 116 * Math.cbrt(luminance(colour)) - 16;

describe('colour maps', () => {
  it('stay within sRGB', () => {
    for (const t of steps)
      for (const part of [...diverging(t), ...diverging(-t), ...sequential(t)]) {
        expect(part).toBeGreaterThanOrEqual(0);
        expect(part).toBeLessThanOrEqual(255);
      }
  });

  it('darken in even steps away from zero, alike for both signs', () => {
    for (const sign of [1, -1]) {
      const falls = steps
        .slice(1)
        .map((t, i) => lightness(diverging(sign * steps[i])) - lightness(diverging(sign * t)));
      expect(Math.min(...falls)).toBeGreaterThan(0.8);
      expect(Math.max(...falls)).toBeLessThan(1.6);
    }
    expect(Math.abs(lightness(diverging(1)) - lightness(diverging(-1)))).toBeLessThan(6);
  });

  it('show zero as near-white, negative as blue, positive as red', () => {
    expect(Math.min(...diverging(0))).toBeGreaterThan(240);
    expect(diverging(1)[0]).toBeGreaterThan(2 * diverging(1)[2]);
    expect(diverging(-1)[2]).toBeGreaterThan(2 * diverging(-1)[0]);
  });

  it('lighten from zero on where sequential', () => {
    for (let i = 1; i < steps.length; i++)
      expect(lightness(sequential(steps[i]))).toBeGreaterThan(lightness(sequential(steps[i - 1])));
  });

  it('can be written on', () => {
    for (const t of steps)
      for (const colour of [diverging(t), diverging(-t), sequential(t)]) {
        const ground = luminance(colour);
        const contrast = textOn(colour) === '#000000' ? (ground + 0.05) / 0.05 : 1.05 / (ground + 0.05);
        expect(contrast).toBeGreaterThan(4.5);
      }
  });

  it('clamp what is out of range', () => {
    expect(diverging(7)).toEqual(diverging(1));
    expect(diverging(-7)).toEqual(diverging(-1));
    expect(sequential(-1)).toEqual(sequential(0));
  });
});

const map = (values: number[]) => ({ height: 1, width: values.length, values: Float64Array.from(values) });

describe('mapScale', () => {
  it('ends at the 99.5th percentile of |value| over all maps', () => {
    const values = Array.from({ length: 200 }, (_, i) => i + 1);
    expect(mapScale([map(values)])).toMatchObject({ limit: 199, signed: false, note: '99.5th percentile of |value|' });
    expect(mapScale([map(values), map(values.map((v) => -2 * v))])).toMatchObject({ limit: 396, signed: true });
  });

  it('ends at the maximum where nearly all is zero', () => {
    const values = new Array<number>(1000).fill(0);
    values[5] = 3;
    expect(mapScale([map(values)])).toMatchObject({ limit: 3, note: 'maximum of |value|' });
  });

  it('survives zero maps and NaN', () => {
    expect(mapScale([map([0, 0])])).toMatchObject({ limit: 0, signed: false, note: 'no value but zero' });
    expect(mapScale([map([NaN, 2])])).toMatchObject({ limit: 2 });
  });
});

describe('mapRaster', () => {
  it('is grey at NaN and clips what is beyond the scale', () => {
    const scale = { ...mapScale([bump(8, 0.5, 0.5, true)]), limit: 1 };
    const pixels = mapRaster(map([NaN, 5, 1]), scale)
      .getContext('2d')
      .getImageData(0, 0, 3, 1).data;
    expect([...pixels.slice(0, 4)]).toEqual([150, 150, 150, 255]);
    expect(pixels.slice(4, 8)).toEqual(pixels.slice(8, 12));
  });
});
