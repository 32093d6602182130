import * as g from '../graph/index.ts';
import { camOptions, overChannels, toPicture } from './cam.ts';
import { identity } from './identity.ts';
import { defineExplainer, targetLogit } from './explainer.ts';
import { convolutionalLayer } from './layers.ts';
import { stableRatio } from './stable-ratio.ts';

/**
 * `relu(Σ_k w_k A_k)` with `w_k = (y - y_k) / |y|`, y_k the logit once feature map A_k is set to zero; `[N,1,H,W]`, >= 0.
 * The paper divides by y, which turns the map around where the explained logit is negative.
 * A loop in the graph over the K channels; only what comes after the target layer is run again.
 */
export const ablationCam = defineExplainer({
  name: 'ablation-cam',
  title: 'Ablation-CAM',
  paper: 'doi:10.1109/WACV45572.2020.9093360',
  options: camOptions,
  attribution({ model, target, options }) {
    const maps = convolutionalLayer(model, options.layer);
    const logit = targetLogit(model, target);
    const channels = g.sizeAlong(maps, 1);
    const change = g.sumOver([identity(channels)], [maps, logit, target], ([mark], [all, before, chosen]) => {
      const ablated = g.mul(all, g.reshape(g.sub(1, mark), [1, channels, 1, 1]));
      const [logits] = g.substitute([model.logits], new Map([[maps, ablated]]));
      const drop = g.sub(before, g.reduceSum(g.mul(logits, chosen), [1]));
      return g.mul(overChannels(g.sub(all, ablated)), g.reshape(drop, ['N', 1, 1, 1]));
    });
    const size = g.reshape(g.abs(logit), ['N', 1, 1, 1]);
    return toPicture(g.relu(stableRatio(change, size, 1e-9)), model);
  },
});
