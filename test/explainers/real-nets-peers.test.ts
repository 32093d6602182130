import { expect } from 'vitest';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import { loadModel } from '../../src/model/model.ts';
import { testOn } from '../data/shared-data.ts';
import { differenceFromPeer, readReference } from './real-nets.ts';

/** Made by test/fixtures/real_nets_reference.py from docs/explainers.png. */
const reference = readReference(new URL('../fixtures/real_nets_resnet20.json.gz', import.meta.url));

/** A unit on the other side of its kink at one of IG's 50 steps changes its map by more than rounding does. */
const tolerance = (map: string) => (map === 'ig' ? 1e-3 : 1e-4);

for (const map of Object.keys(reference.maps))
  testOn('models/resnet20-cifar10.onnx', `${map} on a trained ResNet-20 is the one of its peer`, async (file) => {
    const engine = createOnnxRuntimeEngine({ threads: 1 });
    const model = await loadModel({ file, preprocessing: 'imagenet' });
    expect(await differenceFromPeer(model, engine, reference, map)).toBeLessThan(tolerance(map));
    await engine.release();
  });
