/**
 * Compares our maps with those of test/fixtures/real_nets_reference.py: `npx tsx bench/parity.ts MODEL.onnx REFERENCE.json.gz
 * onnxruntime|reference [MAP ...]`. Prints a JSON line a map; the difference is a part of the map's largest value.
 */
import { createOnnxRuntimeEngine } from '../src/engine/onnxruntime.ts';
import { createReferenceEngine } from '../src/engine/reference.ts';
import { loadModel } from '../src/model/model.ts';
import { differenceFromPeer, readReference } from '../test/explainers/real-nets.ts';

const [file, reference, name, ...chosen] = process.argv.slice(2);
const engine = name === 'reference' ? createReferenceEngine() : createOnnxRuntimeEngine();
const model = await loadModel({ file, preprocessing: 'imagenet' });
const read = readReference(reference);
for (const map of chosen.length > 0 ? chosen : Object.keys(read.maps)) {
  const difference = await differenceFromPeer(model, engine, read, map);
  console.log(JSON.stringify({ model: model.name, engine: engine.name, map, difference: difference.toPrecision(2) }));
}
await engine.release();
