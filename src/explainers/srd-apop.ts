import { defineExplainer } from './explainer.ts';
import { sharingRatioAttribution, sharingRatioOptions } from './sharing-ratio.ts';

/** Sharing ratios along the whole vector before the activation: what is off counts too. */
export const srdApop = defineExplainer({
  name: 'srd-apop',
  title: 'SRD-APOP',
  paper: 'arXiv:2402.03348',
  options: sharingRatioOptions,
  attribution: (context) => sharingRatioAttribution(context, (before) => before),
});
