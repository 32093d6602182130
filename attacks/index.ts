import type { Attack } from './attack.ts';
import { fgsm } from './fgsm.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import { pgd } from './pgd.ts';
import { targetedManipulation } from './targeted-manipulation.ts';

/** The built-in attacks. Adding one is adding its file and its line here. */
export const attacks: readonly Attack[] = [
  fgsm,
  pgd,
  targetedManipulation,
  gaussianNoise,
] as unknown as readonly Attack[];

export * from './attack.ts';
