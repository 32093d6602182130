import { GlobalFonts } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { heatmapFigure, heatmapPng } from '../../reports/heatmap-figure.ts';
import { barNumber, shownSize } from '../../reports/panel-grid.ts';
import { expectGolden, inkOf } from './golden.ts';
import { attackedFigure, bump, disc } from './samples.ts';

describe('heatmapFigure', () => {
  it('draws a row an explainer under attack', () => expectGolden('attacked', heatmapFigure(attackedFigure())));

  it('draws a grid of maps without an attack', async () => {
    const entries = ['a', 'b', 'c', 'd', 'e', 'f'].map((explainer) => ({ explainer, map: bump(16, 0.5, 0.5, true) }));
    const { width, share } = await inkOf(heatmapFigure({ ...attackedFigure(), image: disc(64, 64), entries }));
    // Seven pictures of 192 in two rows of at most four.
    expect(width).toBe(2 * (2 * 10 + 4 * 192 + 3 * 14));
    expect(share).toBeGreaterThan(0.2);
  });
});

describe('heatmapPng', () => {
  it('draws image, map and overlay', () =>
    expectGolden(
      'explain',
      heatmapPng(disc(40, 40), bump(40, 0.6, 0.45, true), 'srd: disc', { label: 'disc', probability: 0.93 }),
    ));

  it('takes any shape of picture, a coarser map, NaN and zero maps', async () => {
    const broken = bump(7, 0.5, 0.5, false);
    broken.values[3] = NaN;
    const zero = { height: 7, width: 7, values: new Float64Array(49) };
    for (const [image, map] of [
      [disc(20, 300), broken],
      [disc(600, 40), zero],
    ] as const)
      expect((await inkOf(heatmapPng(image, map))).share).toBeGreaterThan(0.05);
  });
});

describe('parts of a figure', () => {
  it('enlarges by whole numbers to 160 at least and reduces to 256', () => {
    expect(shownSize(64, 64)).toEqual([192, 192]);
    expect(shownSize(224, 112)).toEqual([224, 112]);
    expect(shownSize(1024, 512)).toEqual([256, 128]);
  });

  it('prints three digits', () => {
    expect([0, 0.012345, -3.14159, 1234567, 9.587e-5].map(barNumber)).toEqual([
      '0',
      '0.0123',
      '−3.14',
      '1.23e6',
      '9.59e−5',
    ]);
  });

  it('has a font of its own for text', () => {
    expect(GlobalFonts.has('Open Sans latin')).toBe(true);
  });
});
