import { join } from 'node:path';
import { csv } from '../csv.ts';
import { distinct } from '../distinct.ts';
import { dotChart, type Panel } from '../dot-chart.ts';
import { writeDrawing, type Drawing } from '../drawing.ts';
import { writeWhole } from '../write.ts';
import type { Check } from './check.ts';

export { checkMetrics, type Check, type CheckedRun } from './check.ts';
export type { Used } from './families.ts';

const axes = {
  discrimination: ['wins over controls', '(0.5 is chance)'],
  monotonicity: ['falls with damage', '(rank correlation)'],
};

/** Dots with intervals: a row a metric, a panel for discrimination and one for monotonicity. `subject` names what was explained. */
export function checkChart(checks: readonly Check[], subject: string): Drawing {
  const whole = checks.filter(({ of }) => of === 'all');
  const score = (metric: string) => whole.find((c) => c.metric === metric && c.measure === 'monotonicity')!.mean ?? -1;
  const rows = distinct(whole.map(({ metric }) => metric)).toSorted((a, b) => score(b) - score(a));
  const panels = (['discrimination', 'monotonicity'] as const).map((measure): Panel => ({
    axis: axes[measure],
    range: measure === 'discrimination' ? [0, 1] : [-1, 1],
    estimates: [
      rows.map((metric) => {
        const { mean, low, high } = whole.find((c) => c.metric === metric && c.measure === measure)!;
        return mean === null ? undefined : { value: mean, low: low ?? mean, high: high ?? mean };
      }),
    ],
  }));
  const n = Math.max(...whole.map((check) => check.n + check.undefined));
  return dotChart({
    title: 'Which metrics tell a good map from a worse one',
    subtitle: [subject, `mean and 95 % interval (BCa bootstrap) over ${n} images`],
    rows,
    series: [{ label: 'metric', style: 1 }],
    panels,
  });
}

/** Writes metric-check.csv and the chart metric-check.png, .svg and .pdf into a folder. */
export async function writeCheck(checks: readonly Check[], subject: string, out: string): Promise<void> {
  const columns = ['metric', 'measure', 'of', 'n', 'undefined', 'mean', 'low', 'high'] as const;
  await writeWhole(join(out, 'metric-check.csv'), csv(checks, columns));
  await writeDrawing(join(out, 'metric-check'), checkChart(checks, subject));
}
