import type { Explainer } from './explainer.ts';
import { gradCam } from './grad-cam.ts';
import { gradient } from './gradient.ts';
import { integratedGradients } from './integrated-gradients.ts';
import { lrp } from './lrp.ts';
import { random } from './random.ts';
import { sobel } from './sobel.ts';
import { srdApop } from './srd-apop.ts';
import { srd } from './srd.ts';

/** The built-in explainers. Adding one is adding its file and its line here. */
export const explainers: readonly Explainer[] = [
  srd,
  srdApop,
  gradCam,
  lrp,
  integratedGradients,
  gradient,
  random,
  sobel,
] as readonly Explainer[];

export * from './explainer.ts';
