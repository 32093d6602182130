import { aopc } from './aopc.ts';
import { attributionLocalisation } from './attribution-localisation.ts';
import { averageDrop } from './average-drop.ts';
import { averageIncrease } from './average-increase.ts';
import { avgSensitivity } from './avg-sensitivity.ts';
import { complexity } from './complexity.ts';
import { deletion } from './deletion.ts';
import { effectiveComplexity } from './effective-complexity.ts';
import { energyPointingGame } from './energy-pointing-game.ts';
import { faithfulnessCorrelation } from './faithfulness-correlation.ts';
import { faithfulnessEstimate } from './faithfulness-estimate.ts';
import { infidelity } from './infidelity.ts';
import { insertion } from './insertion.ts';
import { iou } from './iou.ts';
import { localLipschitz } from './local-lipschitz.ts';
import { maxSensitivity } from './max-sensitivity.ts';
import type { Metric } from './metric.ts';
import { mprt } from './mprt.ts';
import { mse } from './mse.ts';
import { pearsonMetric } from './pearson.ts';
import { pixelAveragePrecision } from './pixel-average-precision.ts';
import { pixelFlipping } from './pixel-flipping.ts';
import { pixelRocAuc } from './pixel-roc-auc.ts';
import { pointingGame } from './pointing-game.ts';
import { randomLogit } from './random-logit.ts';
import { relevanceMass } from './relevance-mass.ts';
import { relevanceRank } from './relevance-rank.ts';
import { ris } from './ris.ts';
import { roadLerf } from './road-lerf.ts';
import { road } from './road.ts';
import { ros } from './ros.ts';
import { rrs } from './rrs.ts';
import { sparseness } from './sparseness.ts';
import { spearmanMetric } from './spearman.ts';
import { ssimMetric } from './ssim.ts';
import { sufficiency } from './sufficiency.ts';
import { topkIntersection } from './topk-intersection.ts';
import { weightedLocalisation } from './weighted-localisation.ts';

/** All built-in metrics: localisation, faithfulness, stability, complexity, sanity, then the similarities of two maps. */
export const metrics: readonly Metric[] = [
  pointingGame,
  energyPointingGame,
  attributionLocalisation,
  weightedLocalisation,
  relevanceMass,
  relevanceRank,
  iou,
  pixelRocAuc,
  pixelAveragePrecision,
  deletion,
  insertion,
  pixelFlipping,
  aopc,
  road,
  roadLerf,
  faithfulnessCorrelation,
  faithfulnessEstimate,
  infidelity,
  sufficiency,
  averageDrop,
  averageIncrease,
  maxSensitivity,
  avgSensitivity,
  localLipschitz,
  ris,
  rrs,
  ros,
  sparseness,
  complexity,
  effectiveComplexity,
  mprt,
  randomLogit,
  ssimMetric,
  pearsonMetric,
  spearmanMetric,
  topkIntersection,
  mse,
];

/** The built-in metric of that name, if there is one. */
export const findMetric = (name: string): Metric | undefined => metrics.find((metric) => metric.name === name);
