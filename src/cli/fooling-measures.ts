import type { Engine } from '../engine/engine.ts';
import type { ExplainerEntry } from '../experiment/config.ts';
import { attributionOf } from '../experiment/programs.ts';
import type { Labelled } from '../fooling/fool.ts';
import type { Fooling } from '../fooling/losses.ts';
import { measureFooling, type FoolingResult } from '../fooling/measure.ts';
import { runnerUp } from '../fooling/observe.ts';
import type { Model } from '../model/model.ts';
import { Undefined } from '../numeric/errors.ts';
import { stack } from '../numeric/tensor.ts';
import { say } from './command.ts';

/** What became of a net on some pictures: its accuracy, and the maps of white-box explainers by their names. Says which of them have no value. */
export async function foolingMeasures(
  engine: Engine,
  [model, fooled]: readonly [Model, Model],
  watched: readonly ExplainerEntry[],
  fooling: Fooling,
  pictures: readonly Labelled[],
) {
  const pixels = stack(pictures.map(({ image }) => image));
  const labels = pictures.map(({ label }) => label);
  const explained = await runnerUp(engine, model)(pixels, labels);
  const after = await runnerUp(engine, fooled)(pixels, labels);
  const explainers: Record<string, FoolingResult> = {};
  for (const each of watched) {
    const measure = measureFooling(engine, [model, fooled], attributionOf(each)!, fooling, explained);
    const found = await measure.catch((error: unknown) => {
      if (!(error instanceof Undefined)) throw error;
      say(`${each.name} is not measured: ${error.message}`);
    });
    if (found) explainers[each.name] = found;
  }
  return {
    accuracy: { before: explained.right / pictures.length, after: after.right / pictures.length },
    explainers,
  };
}
