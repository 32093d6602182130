import { describe, expect, it } from 'vitest';
import { charts } from '../../reports/charts.ts';
import { meanCurves } from '../../reports/mean-curves.ts';
import { optionsText } from '../../reports/page/client/option-text.ts';
import { cellsOf } from '../../reports/result-cell.ts';
import { summarise } from '../../reports/summary.ts';
import { transferChart } from '../../reports/transfer-chart.ts';
import { curveAttack, moved, splitAttack, transfers } from '../../reports/transfer.ts';
import { expectGoldenDrawing } from './golden.ts';
import { metrics, row, sampleCurves, transferRows } from './samples.ts';

const explainers = ['srd-apop', 'gradcam', 'integrated-gradients'];
const summaries = summarise(
  cellsOf([...transferRows(), row({ attack: 'pgd', metric: 'ssim:before-after', value: 1 })]),
  metrics,
);

describe('a matrix of transfer', () => {
  it('has a row an attacked and a column a scored explainer, for each comparison that has a better end', () => {
    const all = transfers(summaries);
    expect(all.map(({ attack, metric }) => [attack, metric])).toEqual([
      ['nudge', 'ssim:gap-closed'],
      ['nudge', 'ssim:before-after'],
    ]);
    expect([all[0].attacked, all[0].scored]).toEqual([explainers, explainers]);
    all[0].cells.forEach((cells, f) =>
      cells.forEach((cell, t) => expect(cell!.mean).toBeCloseTo(0.8 - 0.4 * Math.abs(f - t), 12)),
    );
  });

  it('leaves a gap where a pair was not scored, and is none where no attack is carried over', () => {
    const [{ cells }] = transfers(
      summaries.filter(({ explainer, attack }) => explainer + attack !== 'gradcamnudge@gradcam'),
    );
    expect(cells.map((line) => line.map((cell) => cell !== undefined))).toEqual([
      [true, true, true],
      [true, false, true],
      [true, true, true],
    ]);
    expect(transfers(summaries.filter(({ attack }) => attack === 'pgd'))).toEqual([]);
  });

  it('is coloured by how far the maps have moved, whatever the comparison', () => {
    const [gap, change] = transfers(summaries);
    expect(moved(-0.2, gap, { better: 'lower', top: 1 })).toBe(-0.2);
    expect(moved(0.75, change, { better: 'higher', top: 1 })).toBe(0.25);
    expect(moved(0.25, change, { better: 'lower', top: 1 })).toBe(0.25);
    // A distance without a largest value is over the largest of the matrix.
    expect(moved(0.3, change, { better: 'lower' })).toBeCloseTo(0.3, 12);
    expect(Math.max(...change.cells.flat().map((cell) => cell!.mean!))).toBeCloseTo(1, 12);
  });

  it('is drawn', () => expectGoldenDrawing('transfer', transferChart(transfers(summaries)[0], metrics)));

  it('is among the charts of a run, which draw the losses of one attack together', () => {
    expect(
      [...charts(summaries, [], [], metrics)].map(({ path }) => path).filter((p) => p.startsWith('transfer')),
    ).toEqual(['transfer-ssim-gap-closed', 'transfer-ssim-before-after']);
    const losses = meanCurves(sampleCurves()).map((curve) => {
      return { ...curve, metric: 'attack:loss', attack: `nudge@${curve.explainer}` };
    });
    expect([...charts([], [], losses, metrics)].map(({ path }) => path)).toEqual(['attack-loss-curve-nudge']);
    expect(curveAttack({ metric: 'deletion', attack: 'nudge@srd' })).toBe('nudge@srd');
    expect(splitAttack('none')).toEqual({ attack: 'none', against: undefined });
  });
});

it('says options in words', () => {
  const options = {
    norm: 'linf',
    epsilon: 8 / 255,
    stepSize: 0.5 / 255,
    share: 0.2,
    weight: 1e11,
    tiny: 1e-6,
    random: true,
    rules: [],
    heatmap: { channels: 'sum', mean: [0.5, 1 / 255] },
  };
  expect(optionsText(options)).toBe(
    'norm: linf, epsilon: 8/255, stepSize: 0.5/255, share: 0.2, weight: 1e11, tiny: 1e-6, random: true, rules: none, heatmap: (channels: sum, mean: (0.5, 1/255))',
  );
  expect(optionsText({ epsilon: 0.0314, sigma: 0.2 })).toBe('epsilon: 0.0314, sigma: 0.2');
});
