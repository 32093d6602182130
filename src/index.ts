/** The public interface: definitions of one's own, models, engines, and experiments. */
export { z } from 'zod';
export {
  defineAttack,
  defineBatchAttack,
  runAttack,
  type Attack,
  type AttackResult,
  type Perturbed,
  type Victim,
} from '../attacks/index.ts';
export { classRow } from '../attacks/classes.ts';
export { compileStep, iterate, type Found, type Step } from '../attacks/iterate.ts';
export { crossEntropy, margin } from '../attacks/losses.ts';
export { norms, type Norm } from '../attacks/norms.ts';
export {
  defineMetric,
  type MapMetric,
  type Metric,
  type Outcome,
  type Score,
  type SimilarityMetric,
} from '../metrics/metric.ts';
export { patternLogits, type Pooling } from './apop/pattern.ts';
export { runApop, type ApopOptions, type ApopResult } from './apop/run.ts';
export { defineDataset, SampleError, type Dataset, type DatasetDefinition, type Sample } from './data/dataset.ts';
export { makeSample } from './data/sample.ts';
export type { Copies, Engine, Feeds, Kept, Outputs, Program, State, Stepper, Tensors } from './engine/engine.ts';
export { createOnnxRuntimeEngine } from './engine/onnxruntime.ts';
export { createReferenceEngine } from './engine/reference.ts';
export { readConfig, parseConfig, type Config } from './experiment/config.ts';
export { createPrograms, type Programs } from './experiment/programs.ts';
export { runExperiment, type Progress, type RunOptions, type RunResult } from './experiment/run.ts';
export { defineExplainer, isWhiteBox, targetLogit, type Explainer } from './explainers/explainer.ts';
export { explainers } from './explainers/index.ts';
export { targetLayer } from './explainers/layers.ts';
export * as graph from './graph/index.ts';
export { loadModel, type LoadOptions, type Model, type Preprocessing } from './model/model.ts';
export { Undefined, UserError } from './numeric/errors.ts';
export { toHeatmap, type Heatmap, type HeatmapStep } from './numeric/heatmap.ts';
export { createRng, type Rng } from './numeric/random.ts';
export * from './numeric/tensor.ts';
