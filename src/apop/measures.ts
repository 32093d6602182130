import type { MetricInfo } from '../../reports/metric-info.ts';
import type { ReferenceName } from './references.ts';

/** What is measured of an input that goes through the patterns of a picture. */
export const measures = [
  { name: 'top1', title: 'Top-1 accuracy', better: 'higher', range: [0, 1], proportion: true },
  { name: 'top5', title: 'Top-5 accuracy', better: 'higher', range: [0, 1], proportion: true },
  { name: 'agreement', title: 'Class of the net', better: 'higher', range: [0, 1], proportion: true },
] as const satisfies readonly MetricInfo[];

/** Names in the column `explainer` of the results: the picture itself, the inputs, and what needs no net. */
export const rowNames = (references: readonly ReferenceName[]): string[] => [
  'picture',
  ...references,
  'most-frequent',
  'guessing',
];
