import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../reports/result-cell.ts';
import { resultsCsv } from '../../reports/results-csv.ts';
import type { Row } from '../../reports/row.ts';
import { summaryCsv } from '../../reports/summary-csv.ts';
import { summarise } from '../../reports/summary.ts';
import { row } from './samples.ts';

const textOf = (rows: readonly Row[]) => [...resultsCsv(rows)].join('');

describe('resultsCsv', () => {
  it('writes one line a row in the order given', () => {
    const rows = [
      row({ value: 0.1 + 0.2 }),
      row({
        sample: 'b',
        label: '',
        explainer: 'gradcam',
        attack: 'pgd-linf',
        metric: 'ssim:before-after',
        value: 1e-7,
        discarded: 0.25,
      }),
    ];
    expect(textOf(rows)).toBe(
      'model,dataset,sample,label,prediction,target,explainer,attack,metric,value,reason,discarded\n' +
        'toy,scenes,a,1,2,2,srd,none,pointing-game,0.30000000000000004,,\n' +
        'toy,scenes,b,,2,2,gradcam,pgd-linf,ssim:before-after,1e-7,,0.25\n',
    );
  });

  it('leaves an undefined value empty beside its reason', () => {
    expect(textOf([row({ value: null, reason: 'the mask is empty' })]).split('\n')[1]).toBe(
      'toy,scenes,a,1,2,2,srd,none,pointing-game,,the mask is empty,',
    );
  });

  it('quotes commas, quotes and line ends', () => {
    const text = textOf([
      row({ model: 'a,b', dataset: 'say "cheese"', sample: 'two\nlines', explainer: 'carriage\rreturn', value: 1 }),
    ]);
    expect(text.slice(text.indexOf('\n') + 1)).toBe(
      '"a,b","say ""cheese""","two\nlines",1,2,2,"carriage\rreturn",none,pointing-game,1,,\n',
    );
  });

  it('prints numbers so that they read back as they were', () => {
    const values = [Math.PI, -1 / 3, 5e-324, 1.7976931348623157e308, 123456789012345680000, 0];
    const lines = textOf(values.map((value) => row({ value })))
      .trim()
      .split('\n')
      .slice(1);
    expect(lines.map((line) => Number(line.split(',')[9]))).toEqual(values);
  });

  it('writes the header alone for no rows', () => {
    expect(textOf([])).toBe(
      'model,dataset,sample,label,prediction,target,explainer,attack,metric,value,reason,discarded\n',
    );
  });
});

describe('summaryCsv', () => {
  it('names columns in snake case and leaves empty what has no value', () => {
    const rows = [row({ metric: 'iou', value: null, reason: 'the mask is empty' })];
    expect(summaryCsv(summarise(cellsOf(rows)))).toBe(
      'model,dataset,explainer,attack,metric,n,undefined,mean,standard_error,median,interval,low,high,interval_note,' +
        'discarded,prediction_kept,mean_kept,reasons\n' +
        'toy,scenes,srd,none,iou,0,1,,,,none,,,no values,,,,1 the mask is empty\n',
    );
  });
});
