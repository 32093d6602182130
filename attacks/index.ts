import { adaptiveManipulation } from './adaptive-manipulation.ts';
import type { Attack } from './attack.ts';
import { autoPgd } from './auto-pgd.ts';
import { brightness } from './brightness.ts';
import { carliniWagner } from './carlini-wagner.ts';
import { contrast } from './contrast.ts';
import { deepfool } from './deepfool.ts';
import { fgsm } from './fgsm.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import { ghorbani } from './ghorbani.ts';
import { jpeg } from './jpeg.ts';
import { pgd } from './pgd.ts';
import { randomSign } from './random-sign.ts';
import { targetedManipulation } from './targeted-manipulation.ts';
import { uniformNoise } from './uniform-noise.ts';

/** The built-in attacks. Adding one is adding its file and its line here. */
export const attacks = [
  fgsm,
  pgd,
  autoPgd,
  carliniWagner,
  deepfool,
  targetedManipulation,
  adaptiveManipulation,
  ghorbani,
  randomSign,
  uniformNoise,
  gaussianNoise,
  brightness,
  contrast,
  jpeg,
] as unknown as readonly Attack[];

export * from './attack.ts';
