import { distinct } from '../distinct.ts';
import { dotChart } from '../dot-chart.ts';
import type { Drawing } from '../drawing.ts';
import { sampleCount } from '../metric-chart.ts';
import type { ApopSummary } from './summary.ts';

/** A share in percent, to three digits. */
export const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

/** Top-1 accuracy and agreement by reference input, beside the model's own accuracy and chance. `subject` names model, data and pooling. */
export function apopChart(summaries: readonly ApopSummary[], subject: string): Drawing {
  const rows = distinct(summaries.map(({ reference }) => reference)).filter((name) => name !== 'picture');
  const find = (reference: string, measure: string) =>
    summaries.find((s) => s.reference === reference && s.measure === measure)!;
  const estimates = (['top1', 'agreement'] as const).map((measure) =>
    rows.map((reference) => {
      const { share: value, low, high } = find(reference, measure);
      return { value, low, high };
    }),
  );
  const own = find('picture', 'top1');
  return dotChart({
    title: 'Prediction from activation patterns alone',
    subtitle: [subject, `share and 95 % interval (Wilson), ${sampleCount([{ n: own.n, undefined: 0 }])}`],
    rows: rows.map((name) => `${name} input`),
    series: [
      { label: 'top-1 accuracy', style: 1 },
      { label: 'same class as the net', style: 2 },
    ],
    panels: [{ axis: ['share of images (0 to 1, higher is better)'], range: [0, 1], estimates }],
    lines: [
      { label: `the net's own accuracy, ${percent(own.share)}`, value: own.share, dash: [] },
      { label: `chance, ${percent(own.chance)} (dashed)`, value: own.chance, dash: [5, 4] },
    ],
  });
}
