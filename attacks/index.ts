import type { Attack } from './attack.ts';
import { fgsm } from './fgsm.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import { ghorbani } from './ghorbani.ts';
import { pgd } from './pgd.ts';
import { randomSign } from './random-sign.ts';
import { targetedManipulation } from './targeted-manipulation.ts';

/** The built-in attacks. Adding one is adding its file and its line here. */
export const attacks: readonly Attack[] = [
  fgsm,
  pgd,
  targetedManipulation,
  ghorbani,
  gaussianNoise,
  randomSign,
] as unknown as readonly Attack[];

export * from './attack.ts';
