import { describe, expect, it } from 'vitest';
import { drawingFiles, type Drawing } from '../../reports/drawing.ts';
import { metricChart } from '../../reports/metric-chart.ts';
import { cellsOf } from '../../reports/result-cell.ts';
import { summarise } from '../../reports/summary.ts';
import { metrics, row } from './samples.ts';

const summaries = summarise(cellsOf([0.2, 0.4, 0.9].map((value, i) => row({ sample: `s${i}`, value }))));
const chart = (title: string) => metricChart(summaries, { ...metrics[0], title })!;
const written = (drawing: Drawing) =>
  Object.fromEntries([...drawingFiles('a', drawing)].map(({ path, content }) => [path, content.toString('latin1')]));

describe('a drawing', () => {
  it('is written in three formats, with the same bytes whatever was drawn before', () => {
    const first = written(chart('Pointing game'));
    written(chart('Something else'));
    const again = written(chart('Pointing game'));
    expect(Object.keys(first)).toEqual(['a.png', 'a.svg', 'a.pdf']);
    for (const path of Object.keys(first)) expect(again[path] === first[path], path).toBe(true);
  });

  it('is an SVG that scales, says its title and needs no font', () => {
    const svg = written(chart('A < B & C'))['a.svg'];
    const [, width, height] = / width="(\d+)" height="(\d+)"/.exec(svg)!;
    expect(svg).toContain(`viewBox="0 0 ${width} ${height}"`);
    expect(svg).toContain('<title>A &lt; B &amp; C</title>');
    expect(svg).not.toMatch(/<text|font-family/);
    const used = [...svg.matchAll(/url\(#([^)]+)\)/g)].map(([, name]) => name);
    expect(used.length).toBeGreaterThan(0);
    for (const name of used) expect(svg.split(` id="${name}"`)).toHaveLength(2);
  });

  it('is an SVG whose title keeps its digits', () => {
    expect(written(chart('SSIM after pgd-0.0314'))['a.svg']).toContain('<title>SSIM after pgd-0.0314</title>');
  });

  it('is a PDF of one page as wide as a column, with its fonts', () => {
    const drawing = chart('Pointing game');
    const pdf = written(drawing)['a.pdf'];
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)!;
    expect([Number(width), Number(height)]).toEqual([252, Math.ceil((drawing.height * 252) / 480)]);
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
    expect(pdf).toMatch(/\/FontFile2|\/FontFile3/);
    expect(pdf).toContain('/Title (Pointing game)');
  });
});
