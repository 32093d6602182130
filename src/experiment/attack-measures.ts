import type { MetricInfo } from '../../reports/index.ts';

/** What every attack reports of itself, as rows and charts name it. */
export const attackMeasures: readonly MetricInfo[] = [
  { name: 'attack:linf', title: 'Largest change of a pixel value', range: [0, 1] },
  { name: 'attack:l2', title: 'Euclidean norm of the change', range: [0, Infinity] },
  { name: 'attack:l1', title: 'Sum of the absolute changes of pixel values', range: [0, Infinity] },
  {
    name: 'attack:prediction-kept',
    title: 'Share of predictions kept',
    better: 'higher',
    range: [0, 1],
    proportion: true,
  },
  { name: 'attack:prediction', title: 'Class predicted after the attack', range: [0, Infinity], nominal: true },
  {
    name: 'attack:probability-before',
    title: 'Probability of the explained class before the attack',
    better: 'higher',
    range: [0, 1],
  },
  { name: 'attack:probability', title: 'Probability of the explained class', better: 'higher', range: [0, 1] },
  {
    name: 'attack:success',
    title: 'Share of attacks that changed the label, or reached the class they steer to',
    better: 'lower',
    range: [0, 1],
    proportion: true,
  },
  { name: 'attack:queries', title: 'Forward passes that the attack spent', range: [0, Infinity] },
  { name: 'attack:gradients', title: 'Gradients that the attack spent', range: [0, Infinity] },
  { name: 'attack:image-mse', title: 'Mean squared change of a pixel value', range: [0, 1] },
  { name: 'attack:image-ssim', title: 'SSIM of the pictures before and after', range: [-1, 1] },
  {
    name: 'attack:loss',
    title: "The attacker's loss",
    range: [0, Infinity],
    axes: { x: 'fraction of steps', y: 'loss over the first' },
  },
  { name: 'attack:loss-first', title: "The attacker's loss at its first step", range: [-Infinity, Infinity] },
  { name: 'attack:loss-last', title: "The attacker's loss at its last step", range: [-Infinity, Infinity] },
];
