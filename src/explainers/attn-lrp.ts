import { z } from 'zod';
import { attentionLayers } from './attention.ts';
import { defineExplainer } from './explainer.ts';
import { lrp } from './lrp.ts';

const epsilonEverywhere = lrp.options.parse({
  rules: ['conv', 'dense'].map((layers) => ({ layers, rule: 'epsilon' })),
});

/** LRP of a transformer with the ε rule in all linear layers, `[N,C,H,W]`; for other rules there, use `lrp`. */
export const attnLrp = defineExplainer({
  name: 'attn-lrp',
  title: 'AttnLRP',
  paper: 'arXiv:2402.05602',
  options: z.strictObject({}),
  attribution({ model, target }) {
    attentionLayers(model);
    return lrp.attribution({ model, target, options: epsilonEverywhere });
  },
});
