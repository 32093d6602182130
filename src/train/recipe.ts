import { adam } from './adam.ts';
import { momentum } from './momentum.ts';
import type { Optimiser } from './optimiser.ts';

/** What a kind of net needs to learn well. */
export interface Recipe {
  readonly optimiser: Optimiser;
  /** Pictures in a step. */
  readonly batch: number;
  /** The highest learning rate. */
  readonly rate: number;
  readonly weightDecay: number;
}

export const convolutionalRecipe: Recipe = { optimiser: momentum, batch: 32, rate: 0.05, weightDecay: 5e-4 };

export const transformerRecipe: Recipe = { optimiser: adam, batch: 32, rate: 1.5e-3, weightDecay: 0.05 };
