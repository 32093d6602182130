import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { comparePairs } from '../../reports/pairwise.ts';
import { cellsOf } from '../../reports/result-cell.ts';
import type { Row } from '../../reports/row.ts';
import { summarise } from '../../reports/summary.ts';
import { latexText, markdownText } from '../../reports/tables/escape.ts';
import { tableFiles, tableLayout } from '../../reports/tables/index.ts';
import { numberText } from '../../reports/tables/number.ts';
import { significanceOf, standings } from '../../reports/tables/standing.ts';
import { metrics, row } from './samples.ts';

/** One explainer a list of values by sample. */
const rowsOf = (values: Record<string, readonly (number | null)[]>, part: Partial<Row> = {}) =>
  Object.entries(values).flatMap(([explainer, list]) =>
    list.map((value, s) => row({ metric: 'deletion-auc', ...part, explainer, sample: `s${s}`, value })),
  );
const contentOf = (rows: readonly Row[]) => {
  const cells = cellsOf(rows);
  return { cells: summarise(cells, metrics, 0), verdicts: comparePairs(cells, metrics, 0), metrics };
};
const layoutOf = (layout: object) => [tableLayout.parse({ name: 't', columns: ['deletion-auc'], ...layout })];
const textOf = (rows: readonly Row[], layout: object, format: 'md' | 'tex' | 'csv') =>
  tableFiles(contentOf(rows), layoutOf(layout), [format])[0].text;

const ten = Array.from({ length: 12 }, (_, i) => i / 100);
const clear = { low: ten, middle: ten.map((v) => v + 0.3), high: ten.map((v, i) => v + 0.5 + i / 1000) };

describe('markdown', () => {
  it('holds means, intervals, the best, the second and marks', () => {
    const text = textOf(rowsOf(clear), { digits: 2, titles: { low: 'Low (ours)' } }, 'md');
    const [caption, , head, rule, ...body] = text.split('\n');
    expect(head).toMatch(/^\| Explainer +\| +Deletion AUC ↓ \|$/);
    expect(rule).toMatch(/^\| -+ \| -+: \|$/);
    expect(body[0]).toMatch(/^\| Low \(ours\) \| +\*\*0\.06\*\*† \[0\.04, 0\.07\] \|$/);
    expect(body[1]).toMatch(/^\| middle +\| <ins>0\.35<\/ins> \[0\.34, 0\.37\] \|$/);
    expect(body[2]).toMatch(/^\| high +\| +0\.56 \[/);
    expect(caption).toBe(
      "t: toy on scenes. Means over 12 samples, with 95 % intervals. Bold: best, underlined: second. †: better than every other row (Wilcoxon's signed-rank test at 5 %, Holm-corrected).",
    );
  });

  it('follows the direction of the metric, turned over towards the target of an attack', () => {
    const best = (metric: string, attack = 'none') =>
      /\| (\w+) +\| +\*\*/.exec(
        textOf(rowsOf(clear, { metric, attack }), { columns: [{ metric, attack }] }, 'md'),
      )?.[1];
    expect(best('deletion-auc')).toBe('low');
    expect(best('pointing-game')).toBe('high');
    expect(best('ssim:before-after', 'pgd')).toBe('high');
    expect(best('ssim:after-target', 'pgd')).toBe('low');
    expect(best('unheard-of')).toBeUndefined();
    expect(best('attack:linf', 'pgd')).toBeUndefined();
  });

  it('says what has no value, what was not measured, and that nothing is shown', () => {
    const rows = [
      ...rowsOf({ a: [1, 2, 4], b: [null, null, null], c: [2, 3, null] }),
      ...rowsOf({ a: [1, 0, 1] }, { metric: 'pointing-game' }),
    ];
    const text = textOf(
      rows,
      { columns: ['deletion-auc', 'pointing-game'], spread: 'standard-error', digits: 1 },
      'md',
    );
    expect(text).toMatch(/^\| a +\| +\*\*2\.3\*\* ± 0\.9 \| +0\.7 ± 0\.3 \|$/m);
    expect(text).toMatch(/^\| b +\| +– \(0\/3\) \| +– \|$/m);
    expect(text).toContain('Means over 2 to 3 samples ± standard error.');
    expect(text).toContain('No row is shown to be better than most others');
    expect(text).toContain('–: not measured.');
    expect(text).not.toContain('†');
  });
});

describe('layouts', () => {
  const rows = ['vgg', 'resnet'].flatMap((model) => [
    ...rowsOf(clear, { model }),
    ...rowsOf(clear, { model, metric: 'ssim:before-after', attack: 'pgd' }),
  ]);
  const columns = [
    { metric: 'deletion-auc', title: 'Del. (%)', scale: 100, digits: 0, group: 'Clean' },
    { metric: 'ssim:before-after', attack: 'pgd' },
  ];

  it('by default give a table a model, dataset and attack', () => {
    expect(tableFiles(contentOf(rows), undefined, ['md']).map(({ path }) => path)).toEqual([
      'vgg-scenes-clean.md',
      'resnet-scenes-clean.md',
      'vgg-scenes-pgd.md',
      'resnet-scenes-pgd.md',
    ]);
  });

  it('group rows by model, choose and order them', () => {
    const text = textOf(rows, { columns, subjects: 'rows', explainers: ['high', 'low'], spread: 'none' }, 'md');
    expect(
      text
        .split('\n')
        .slice(2)
        .map((line) => line.replace(/ +/g, ' ')),
    ).toEqual([
      '| Explainer | Clean: Del. (%) ↓ | Structural similarity (SSIM), before vs. after (pgd) ↑ |',
      expect.stringMatching(/^\| -+ \| -+: \| -+: \|$/),
      '| _vgg_ | | |',
      '| high | 56 | **0.560**† |',
      '| low | **6**† | 0.055 |',
      '| _resnet_ | | |',
      '| high | 56 | **0.560**† |',
      '| low | **6**† | 0.055 |',
      '',
    ]);
  });

  it('group columns by model in LaTeX, under headings with rules', () => {
    const text = textOf(rows, { columns, subjects: 'columns', spread: 'none', marks: false }, 'tex');
    expect(text).toContain(
      '& \\multicolumn{2}{c}{vgg} & \\multicolumn{2}{c}{resnet} \\\\\n\\cmidrule(lr){2-3}\\cmidrule(lr){4-5}',
    );
    expect(text).toContain('\\multicolumn{1}{c}{Clean} & \\multicolumn{1}{c}{} & \\multicolumn{1}{c}{Clean}');
    expect(text).toContain('\\cmidrule(lr){2-2}\\cmidrule(lr){4-4}\n');
    expect(text).toContain('low & \\textbf{6} & 0.055 & \\textbf{6} & 0.055 \\\\');
  });

  it('write CSV unrounded', () => {
    const [line] = parse(textOf(rows, { columns, subjects: 'rows' }, 'csv'), { columns: true }) as Record<
      string,
      string
    >[];
    expect(line).toMatchObject({ group: 'vgg', explainer: 'low', 'Clean: Del. (%) ↓ n': '12' });
    expect(Number(line['Clean: Del. (%) ↓'])).toBeCloseTo(5.5, 12);
    expect(line['Clean: Del. (%) ↓ better than']).toBe('every');
  });
});

describe('LaTeX', () => {
  it('has as many cells in every line as columns, balanced braces, and intervals below', () => {
    const names = { low: 'a & b_c%', middle: '#1 {x} \\y~^$', high: 'γ < 1 [2] "q"' };
    const text = textOf(rowsOf(clear), { titles: names, caption: '50 % & more' }, 'tex');
    const bare = text.replace(/\\[{}&%#$_]/g, '');
    let depth = 0;
    for (const c of bare) {
      depth += c === '{' ? 1 : c === '}' ? -1 : 0;
      expect(depth).toBeGreaterThanOrEqual(0);
    }
    expect(depth).toBe(0);
    const body = bare.split('\\midrule')[1].split('\\bottomrule')[0];
    for (const line of body.split('\n').filter((l) => l.endsWith('\\\\'))) expect(line.split('&')).toHaveLength(2);
    expect(text).toContain(
      'a \\& b\\_c\\% & \\textbf{0.055}$^{\\dagger}$ \\\\\n & {\\scriptsize {[}0.036, 0.075{]}} \\\\',
    );
  });

  it('goes on in tables with the same number where a page has no room for more', () => {
    const models = (count: number) => Array.from({ length: count }, (_, i) => `net-${i}`);
    const parts = (rows: readonly Row[], layout: object = {}) =>
      textOf(rows, { subjects: 'rows', ...layout }, 'tex')
        .split('\\begin{table}')
        .slice(1);
    const linesOf = (part: string) =>
      part
        .split('\\toprule')[1]
        .split('\n')
        .filter((l) => l.endsWith('\\\\')).length;
    // Three explainers of two lines under a title: four nets fill 28 of 32 lines.
    const nets = parts(models(9).flatMap((model) => rowsOf(clear, { model })));
    expect(nets.map(linesOf)).toEqual([29, 29, 8]);
    expect(nets.map((part) => [...part.matchAll(/net-\d/g)].length)).toEqual([4, 4, 1]);
    expect(nets[0]).toContain('\\label{tab:t}');
    expect(nets[1]).toContain('\\addtocounter{table}{-1}\n\\caption{t, continued}\n\\sbox0');
    for (const part of nets) expect(part).toContain('\nExplainer & Deletion AUC $\\downarrow$ ');
    const many = Object.fromEntries(models(40).map((name) => [name, ten]));
    const long = parts([...rowsOf(clear, { model: 'a' }), ...rowsOf(many, { model: 'b' })]);
    expect(long.map(linesOf)).toEqual([8, 34, 34, 18]);
    expect(long.map((part) => /\\textit\{(.*?)\}/.exec(part)![1])).toEqual(['a', 'b', 'b, continued', 'b, continued']);
    expect(parts(rowsOf(clear))).toHaveLength(1);
  });

  it('has TeX shrink what is wider than the text', () => {
    expect(textOf(rowsOf(clear), {}, 'tex').split('\n')).toEqual(
      expect.arrayContaining([
        '\\sbox0{%',
        '\\end{tabular}}',
        '\\ifdim\\wd0>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox0}\\else\\usebox0\\fi',
      ]),
    );
  });
});

test('text survives being escaped, letter by letter', () => {
  const unescaped = (text: string) =>
    text
      .replace(/-\{\}/g, '-')
      .replace(
        /\\(textbackslash|textasciitilde|textasciicircum|textbar|textless|textgreater|char34|textasciigrave)\{\}/g,
        (_, n: string) => `<${n}>`,
      )
      .replace(/\{([[\]])\}/g, '$1')
      .replace(/\\([{}$&#_%])/g, '$1')
      .replace(/<(\w+)>/g, (_, n: string) => names[n]);
  const names: Record<string, string> = {
    textbackslash: '\\',
    textasciitilde: '~',
    textasciicircum: '^',
    textbar: '|',
    textless: '<',
    textgreater: '>',
    char34: '"',
    textasciigrave: '`',
  };
  const printable = fc.string({ unit: 'grapheme-ascii' }).map((text) => text.replace(/\s+/g, ' ').trim());
  fc.assert(fc.property(printable, (text) => unescaped(latexText(text)) === text));
  const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };
  const plain = (text: string) =>
    text.replace(/\\(.)|&(?:lt|gt|amp);/g, (all, c: string | undefined) => c ?? entities[all]);
  fc.assert(fc.property(printable, (text) => plain(markdownText(text)) === text));
  expect(markdownText('a|b\nc')).toBe('a\\|b c');
});

test('numbers never turn to zero', () => {
  expect([0, -0.0004, 1.25, 1e-9, 2.5e7, -Infinity, -0.5].map((v) => numberText(v, 3))).toEqual([
    '0.000',
    '−4.0e−4',
    '1.250',
    '1.0e−9',
    '2.5e7',
    '−∞',
    '−0.500',
  ]);
});

test('the best and the second are those that print as such', () => {
  expect(standings([0.1, 0.1004, 0.3, undefined], 3, 'lower')).toEqual(['best', 'best', 'second', undefined]);
  expect(standings([0.1, 0.3], 3, 'higher')).toEqual([undefined, 'best']);
  expect(standings([0.3, 0.3, undefined], 3, 'higher')).toEqual([undefined, undefined, undefined]);
  expect(standings([0.1, 0.3], 3, undefined)).toEqual([undefined, undefined]);
});

test('marks need better than every other, or than more than half', () => {
  const names = ['a', 'b', 'c', 'd'];
  const pair = (explainer: string, other: string, verdict: 'better' | 'worse' | 'not shown') => ({
    ...row({ explainer }),
    other,
    verdict,
  });
  const verdicts = [pair('a', 'b', 'better'), pair('c', 'a', 'worse'), pair('a', 'd', 'not shown')];
  expect(significanceOf('a', names, verdicts)).toBe('most');
  expect(significanceOf('a', ['a', 'b', 'c'], verdicts)).toBe('every');
  expect(significanceOf('a', ['a', 'b', 'd'], verdicts)).toBeUndefined();
  expect(significanceOf('b', names, verdicts)).toBeUndefined();
  expect(significanceOf('a', ['a'], verdicts)).toBeUndefined();
});
