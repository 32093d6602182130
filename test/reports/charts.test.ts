import { describe, expect, it } from 'vitest';
import { alikeGroups } from '../../reports/alike-groups.ts';
import { axisEnds, roundEnds } from '../../reports/axis-ends.ts';
import { charts } from '../../reports/charts.ts';
import { curveChart } from '../../reports/curve-chart.ts';
import { meanCurves } from '../../reports/mean-curves.ts';
import { metricChart, sampleCount } from '../../reports/metric-chart.ts';
import { drawingFormats } from '../../reports/drawing.ts';
import { formatRange } from '../../reports/metric-info.ts';
import { seriesStyle } from '../../reports/palette.ts';
import { rankChart } from '../../reports/rank-chart.ts';
import { rankExplainers } from '../../reports/ranks.ts';
import { cellsOf } from '../../reports/result-cell.ts';
import type { Row } from '../../reports/row.ts';
import { summarise } from '../../reports/summary.ts';
import { wrap } from '../../reports/wrap.ts';
import { expectGoldenDrawing, inkOf } from './golden.ts';
import { metrics, row, sampleCurves, sampleRows } from './samples.ts';

const summaryOf = (rows: readonly Row[]) => summarise(cellsOf(rows), metrics);
const summaries = summaryOf(sampleRows());
const curves = meanCurves(sampleCurves());
const ranks = rankExplainers(cellsOf(sampleRows()), metrics);

describe('charts', () => {
  it('names one file a metric, similarities together, and one a curve', () => {
    expect([...charts(summaries, ranks, curves, metrics)].map(({ path }) => path)).toEqual([
      'ranks',
      'pointing-game',
      'ssim',
      'attack-linf',
      'deletion-auc-curve',
    ]);
  });

  it('gives several models a folder each, and attacked curves a file each', () => {
    const other = summaryOf([row({ model: 'vgg/16', value: 1 })]);
    const attacked = [...curves, { ...curves[0], attack: 'pgd-linf' }];
    expect([...charts([...other, ...summaries.slice(0, 1)], [], attacked, metrics)].map(({ path }) => path)).toEqual([
      'vgg-16-scenes/pointing-game',
      'toy-scenes/pointing-game',
      'toy-scenes/deletion-auc-curve',
      'toy-scenes/deletion-auc-curve-pgd-linf',
    ]);
  });

  it('leaves out a metric without any value and a curve without samples', () => {
    const empty = summaryOf([row({ value: null, reason: 'the mask is empty' })]);
    expect([...charts(empty, [], meanCurves([{ ...sampleCurves()[0], ys: [] }]), metrics)]).toEqual([]);
  });

  it('draws values beyond the range that a metric states', async () => {
    const values = ['a', 'b'].flatMap((explainer) =>
      ['before-after', 'gap-closed'].map((what) =>
        row({ explainer, attack: 'pgd', metric: `ssim:${what}`, value: 1.2 }),
      ),
    );
    expect((await inkOf(drawingFormats.png(metricChart(summaryOf(values), metrics[2])!))).share).toBeGreaterThan(0.01);
  });

  it('draws twenty explainers with long names', async () => {
    const rows = Array.from({ length: 20 }, (_, e) =>
      row({ explainer: `explainer-number-${e}-with-a-name-of-more-than-two-lines-in-the-chart`, value: e / 20 }),
    );
    const { width, height, share } = await inkOf(drawingFormats.png(metricChart(summaryOf(rows))!));
    expect([width, height > 1000, height < 2400]).toEqual([960, true, true]);
    expect(share).toBeGreaterThan(0.1);
  });
});

describe('golden charts', () => {
  const of = (name: string) => summaries.filter(({ metric }) => metric.startsWith(name));
  it('metric', () => expectGoldenDrawing('metric', metricChart(of('pointing-game'), metrics[0])!));
  it('similarity', () => expectGoldenDrawing('similarity', metricChart(of('ssim'), metrics[2])!));
  it('ranks', () => expectGoldenDrawing('ranks', rankChart(ranks)!));
  it('curve', () => expectGoldenDrawing('curve', curveChart(curves, metrics[1])));
});

describe('parts of a chart', () => {
  it('joins the largest groups that are less than the critical difference apart', () => {
    expect(alikeGroups([1, 2, 2.5, 4, 6], 1.6, 0.01)).toEqual([
      [0, 2],
      [2, 3],
    ]);
    expect(alikeGroups([1, 2, 3], 0.5, 0.01)).toEqual([]);
    expect(alikeGroups([1, 2, 3], 0.5, 0.2)).toEqual([[0, 2]]);
  });

  it('shows the whole range where the data fill much of it, else the data', () => {
    expect(axisEnds([{ low: 0.2, high: 0.8 }], [0, 1])).toEqual([0, 1]);
    expect(axisEnds([{ low: 0, high: 0.02 }], [0, 1])).toEqual([0, 0.021]);
    expect(axisEnds([{ low: 3, high: 3 }], [0, Infinity])).toEqual([2.7, 3.3]);
  });

  it('ends an axis at two whole steps around the data, or where the range ends', () => {
    const below = [-Infinity, 1] as const;
    expect(roundEnds([-0.21, 0.9], below)).toEqual({ min: -1, max: 1, step: 1 });
    expect(roundEnds([-0.21, 0.42], below)).toEqual({ min: -0.5, max: 0.5, step: 0.5 });
    expect(roundEnds([-2.9, 1], below)).toEqual({ min: -5, max: 1, step: 5 });
    expect(roundEnds([1230, 1290], [0, Infinity])).toEqual({ min: 1200, max: 1300, step: 50 });
  });

  it('counts samples', () => {
    expect(sampleCount([{ n: 1, undefined: 0 }])).toBe('n = 1 image');
    expect(sampleCount([{ n: 50, undefined: 0 }])).toBe('n = 50 images');
    expect(
      sampleCount([
        { n: 48, undefined: 2 },
        { n: 50, undefined: 0 },
      ]),
    ).toBe('n = 48–50 of 50 images');
  });

  it('writes ranges in words', () => {
    const ranges = [
      [0, 1],
      [-1, 1],
      [0, Infinity],
      [-Infinity, 0],
      [-Infinity, Infinity],
    ] as const;
    expect(ranges.map(formatRange)).toEqual(['0 to 1', '−1 to 1', '0 or more', '0 or less', '']);
  });

  it('breaks long names at punctuation', () => {
    expect(wrap('gradcam', 12)).toEqual(['gradcam']);
    expect(wrap('integrated-gradients', 12)).toEqual(['integrated-', 'gradients']);
    expect(wrap('abcdefghijklmnopqrstuvwxyz', 12)).toEqual(['abcdefghijkl', 'mnopqrstuvw…']);
  });

  it('tells apart twenty-eight series', () => {
    const styles = Array.from({ length: 28 }, (_, i) => seriesStyle(i));
    expect(new Set(styles.map((s) => `${s.colour}${String(s.marker)}`)).size).toBe(28);
    expect(new Set(styles.map((s) => `${s.colour}${s.dash}`)).size).toBe(28);
  });
});
