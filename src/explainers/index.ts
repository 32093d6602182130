import { ablationCam } from './ablation-cam.ts';
import { attentionRollout } from './attention-rollout.ts';
import { attnLrp } from './attn-lrp.ts';
import { centreGaussian } from './centre-gaussian.ts';
import { constant } from './constant.ts';
import { deconvnet } from './deconvnet.ts';
import { deeplift } from './deeplift.ts';
import type { Explainer } from './explainer.ts';
import { fullgrad } from './fullgrad.ts';
import { gradCamPlusPlus } from './grad-cam-plus-plus.ts';
import { gradCam } from './grad-cam.ts';
import { gradientAttention } from './gradient-attention.ts';
import { gradientXInput } from './gradient-x-input.ts';
import { gradient } from './gradient.ts';
import { guidedBackprop } from './guided-backprop.ts';
import { hiresCam } from './hires-cam.ts';
import { integratedGradients } from './integrated-gradients.ts';
import { kernelShap } from './kernel-shap.ts';
import { layerCam } from './layer-cam.ts';
import { lime } from './lime.ts';
import { lrp } from './lrp.ts';
import { occlusion } from './occlusion.ts';
import { random } from './random.ts';
import { rise } from './rise.ts';
import { scoreCam } from './score-cam.ts';
import { smoothgrad } from './smoothgrad.ts';
import { sobel } from './sobel.ts';
import { srdApop } from './srd-apop.ts';
import { srd } from './srd.ts';
import { xgradCam } from './xgrad-cam.ts';

/** The built-in explainers. Adding one is adding its file and its line here. */
export const explainers: readonly Explainer[] = [
  srd,
  srdApop,
  gradCam,
  gradCamPlusPlus,
  hiresCam,
  layerCam,
  xgradCam,
  ablationCam,
  scoreCam,
  lrp,
  integratedGradients,
  deeplift,
  gradient,
  gradientXInput,
  smoothgrad,
  guidedBackprop,
  deconvnet,
  fullgrad,
  occlusion,
  rise,
  kernelShap,
  lime,
  attentionRollout,
  gradientAttention,
  attnLrp,
  random,
  sobel,
  constant,
  centreGaussian,
] as readonly Explainer[];

export * from './explainer.ts';
