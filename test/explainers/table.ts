import { explainers, isWhiteBox, type Explainer, type WhiteBoxExplainer } from '../../src/explainers/index.ts';

/** What may hold of an explainer's maps, tried in axioms.ts. */
export const axioms = [
  'complete',
  'complete without bias',
  'shift',
  'rescaling',
  'class-blind',
  'non-negative',
  'no seed',
] as const;
export type Axiom = (typeof axioms)[number];

/** One explainer with options that make it quick on pictures of 6x6, and what it claims. */
interface Line {
  readonly use: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** The nets that it is for; by default all. */
  readonly nets?: 'convolutional' | 'transformers';
  /** What holds of its maps; of what is not named here a counter-example is known. */
  readonly holds: readonly Axiom[];
  /**
   * Passes through the convolutions of a net, forward or backward, as a sum: `{ 1: 2, steps: 3 }` are 2 + 3 steps. A name is an
   * option, `channels` of the target layer, `windows`, or `first`: through the first layer only.
   */
  readonly passes: Readonly<Record<string, number>>;
}

const [invariant, cam] = [
  ['shift', 'rescaling', 'no seed'],
  ['shift', 'rescaling', 'non-negative', 'no seed'],
] as const;
const blind = ['shift', 'rescaling', 'class-blind', 'non-negative'] as const;
const segments = { segments: 'grid', count: 36, samples: 200 };

/** All explainers, the first line of each the one of docs/explainers.md; a new one joins by a line. */
export const lines: readonly Line[] = [
  { use: 'srd', holds: ['complete without bias', 'no seed'], passes: { 1: 2 } },
  { use: 'srd-apop', holds: ['complete without bias', 'no seed'], passes: { 1: 2 } },
  { use: 'grad-cam', holds: cam, passes: { 1: 1 } },
  { use: 'grad-cam-plus-plus', holds: cam, passes: { 1: 1 } },
  { use: 'hires-cam', holds: invariant, passes: { 1: 1 } },
  { use: 'layer-cam', holds: cam, passes: { 1: 1 } },
  { use: 'xgrad-cam', holds: cam, passes: { 1: 1 } },
  { use: 'ablation-cam', nets: 'convolutional', holds: ['shift', 'non-negative', 'no seed'], passes: { 1: 1 } },
  { use: 'score-cam', nets: 'convolutional', holds: ['non-negative', 'no seed'], passes: { 1: 1, channels: 1 } },
  { use: 'lrp', holds: ['rescaling', 'complete without bias', 'no seed'], passes: { 1: 3, first: 2 } },
  {
    use: 'lrp',
    options: { composite: 'epsilon-gamma-box' },
    holds: ['rescaling', 'complete without bias', 'no seed'],
    passes: { 1: 3, first: 2 },
  },
  {
    use: 'ig',
    options: { steps: 6 },
    holds: ['rescaling', 'complete', 'complete without bias', 'no seed'],
    passes: { steps: 2 },
  },
  { use: 'ig', options: { steps: 4, baseline: 'mean' }, holds: invariant, passes: { steps: 2 } },
  { use: 'deeplift', holds: ['rescaling', 'complete', 'complete without bias', 'no seed'], passes: { 1: 3 } },
  { use: 'deeplift', options: { baseline: 'blur' }, holds: invariant, passes: { 1: 3 } },
  { use: 'gradient', holds: invariant, passes: { 1: 2 } },
  {
    use: 'gradient-x-input',
    holds: ['rescaling', 'complete without bias', 'no seed'],
    passes: { 1: 2 },
  },
  { use: 'smoothgrad', options: { samples: 3 }, holds: invariant, passes: { samples: 2 } },
  {
    use: 'smoothgrad',
    options: { samples: 3, statistic: 'variance' },

    holds: cam,
    passes: { 1: 2, samples: 2 },
  },
  { use: 'guided-backprop', holds: invariant, passes: { 1: 2 } },
  { use: 'deconvnet', holds: invariant, passes: { 1: 1 } },
  { use: 'fullgrad', holds: ['rescaling', 'non-negative', 'no seed'], passes: { 1: 2 } },
  {
    use: 'fullgrad',
    options: { rescale: 'channel' },
    holds: ['rescaling', 'non-negative', 'no seed'],
    passes: { 1: 2 },
  },
  { use: 'occlusion', options: { window: 2 }, holds: invariant, passes: { 1: 1, windows: 1 } },
  { use: 'rise', options: { masks: 20 }, holds: ['rescaling', 'non-negative'], passes: { masks: 1 } },
  {
    use: 'kernel-shap',

    options: { ...segments, baseline: 'black' },
    holds: ['rescaling', 'complete', 'complete without bias'],
    passes: { samples: 1 },
  },
  { use: 'lime', options: { count: 9, samples: 40 }, holds: ['rescaling'], passes: { samples: 1 } },
  { use: 'lime', options: segments, holds: ['shift', 'rescaling'], passes: { samples: 1 } },
  { use: 'attention-rollout', nets: 'transformers', holds: [...blind, 'no seed'], passes: { 1: 1 } },
  { use: 'gradient-attention', nets: 'transformers', holds: cam, passes: { 1: 1 } },
  { use: 'attn-lrp', nets: 'transformers', holds: ['rescaling', 'no seed'], passes: { 1: 3 } },
  { use: 'random', holds: blind, passes: {} },
  { use: 'sobel', holds: [...blind, 'no seed'], passes: {} },
  { use: 'constant', holds: [...blind, 'no seed'], passes: {} },
  { use: 'centre-gaussian', holds: [...blind, 'no seed'], passes: {} },
];

/** A line with its explainer, and its options as the schema reads them. */
export interface Setup extends Line {
  readonly name: string;
  readonly explainer: Explainer;
  readonly parsed: unknown;
}

export const setups: readonly Setup[] = lines.map((line) => {
  const { use, options = {} } = line;
  const explainer = explainers.find((e) => e.name === use)!;
  return {
    ...line,
    name: [use, ...Object.values(options)].join(' '),
    explainer,
    parsed: explainer.options.parse(options),
  };
});

export const whiteBoxSetups = setups.filter((setup): setup is Setup & { explainer: WhiteBoxExplainer } =>
  isWhiteBox(setup.explainer),
);
