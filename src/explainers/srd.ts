import { defineExplainer } from './explainer.ts';
import { sharingRatioAttribution, sharingRatioOptions } from './sharing-ratio.ts';

/** Sharing ratios along the vector after the activation: active neurons only. The ablation of SRD-APOP. */
export const srd = defineExplainer({
  name: 'srd',
  title: 'SRD (active neurons)',
  paper: 'arXiv:2402.03348',
  options: sharingRatioOptions,
  attribution: (context) => sharingRatioAttribution(context, (_, after) => after),
});
