export { baseline, baselineImage, type Baseline } from '../src/numeric/baseline.ts';
