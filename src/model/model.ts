export { canonical } from './canonical.ts';
export type { Model } from './classifier.ts';
export { activationsOf, isActivation, layersBetween, type ActivationLayer } from './layers.ts';
export { loadModel, modelOf, type LoadOptions, type ModelOptions } from './load.ts';
export { featureAxis, gridOf, type Grid } from './positions.ts';
export { normalisationOf, preprocess, type Normalisation, type Preprocessing } from './preprocessing.ts';
export { createRandomiser, type Randomisation } from './randomise.ts';
export { rebuild } from './rebuild.ts';
export { representationOf, weightLayers } from './weights.ts';
