import { flops } from '../graph/index.ts';
import type { Model } from './classifier.ts';

/** Multiplications of one forward pass on one picture, those of element-wise operations left out. */
export const workOf = ({ logits }: Model): number => flops([logits]) / 2;
