import type { Activation } from './activation.ts';
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

/**
 * What activations need that learn badly by the recipe for convolutional nets. Softplus has no zeros: its large common mean swamps the
 * classes in the linear layer, which steps of a size for each weight get over and those of momentum do not (44 % after two passes).
 */
export const recipes: Partial<Record<Activation, Recipe>> = {
  softplus: { optimiser: adam, batch: 32, rate: 2e-3, weightDecay: 0.05 },
};
