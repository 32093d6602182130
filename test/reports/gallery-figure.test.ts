import { describe, expect, it } from 'vitest';
import { galleryFigure } from '../../reports/gallery-figure.ts';
import { expectGolden, inkOf } from './golden.ts';
import { bump, disc } from './samples.ts';

const sample = (names: readonly string[], x: number) => ({
  sample: `at ${x}`,
  of: { model: 'toy', dataset: 'scenes', sample: 's' },
  image: disc(40, 60),
  entries: names.map((explainer, i) => ({ explainer, map: bump(24, x, 0.2 + 0.1 * i, i % 2 === 0) })),
});

describe('galleryFigure', () => {
  const names = ['srd-apop', 'grad-cam', 'an-explainer-with-a-long-name'];

  it('draws a row a sample and a column an explainer', () =>
    expectGolden('gallery', galleryFigure([sample(names, 0.3), sample(names, 0.7)])));

  it('starts a new block after ten explainers, and leaves out what a sample has no map of', async () => {
    const many = Array.from({ length: 11 }, (_, i) => `explainer-${i}`);
    const { width, share } = await inkOf(galleryFigure([sample(many, 0.3), sample(many.slice(0, 4), 0.7)]));
    // The picture and six explainers.
    expect(width).toBe(2 * (2 * 10 + 7 * 128 + 6 * 8));
    expect(share).toBeGreaterThan(0.1);
  });
});
