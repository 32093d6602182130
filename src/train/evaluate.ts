import { scene, sceneClasses } from '../data/scenes.ts';
import type { Engine } from '../engine/engine.ts';
import { modelOf } from '../model/load.ts';
import { argMax, at, stack } from '../numeric/tensor.ts';
import { zooPreprocessing } from './preprocessing.ts';

/** Scenes painted at a time. */
const part = 100;

/** The share of the first `count` scenes of the split `test` that a net of the zoo, given as an ONNX file's bytes, classifies rightly. */
export async function sceneAccuracy(bytes: Uint8Array, file: string, engine: Engine, count: number): Promise<number> {
  const { logits } = modelOf(bytes, file, { preprocessing: zooPreprocessing, labels: sceneClasses });
  const program = engine.compile({ logits });
  let right = 0;
  for (let start = 0; start < count; start += part) {
    const scenes = Array.from({ length: Math.min(part, count - start) }, (_, i) => scene(0, 'test', start + i));
    const results = await program.run({ pixels: stack(scenes.map((s) => s.image)) });
    right += scenes.filter(({ label }, i) => argMax(at(results.logits, i).data) === label).length;
  }
  await program.release();
  return right / count;
}
