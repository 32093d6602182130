import { mul, relu } from '../graph/index.ts';
import { camOptions, mapsAndGradient, overChannels, toPicture } from './cam.ts';
import { defineExplainer } from './explainer.ts';

/** `relu(Σ_k relu(g_k) ⊙ A_k)`: each position weighs its features by their own positive gradient; `[N,1,H,W]`, >= 0. Made for early layers too. */
export const layerCam = defineExplainer({
  name: 'layer-cam',
  title: 'LayerCAM',
  paper: 'doi:10.1109/TIP.2021.3089943',
  options: camOptions,
  attribution(context) {
    const [maps, gradient] = mapsAndGradient(context);
    return toPicture(relu(overChannels(mul(relu(gradient), maps))), context.model);
  },
});
