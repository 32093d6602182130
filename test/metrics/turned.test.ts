import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aopc } from '../../metrics/aopc.ts';
import { deletion } from '../../metrics/deletion.ts';
import { faithfulnessEstimate } from '../../metrics/faithfulness-estimate.ts';
import { insertion } from '../../metrics/insertion.ts';
import type { MapMetric, Turned } from '../../metrics/metric.ts';
import { pixelFlipping } from '../../metrics/pixel-flipping.ts';
import { sufficiency } from '../../metrics/sufficiency.ts';
import { turnedOnHost } from '../../metrics/turned.ts';
import type { Engine, State } from '../../src/engine/engine.ts';
import { createReferenceEngine } from '../../src/engine/reference.ts';
import { createPrograms } from '../../src/experiment/programs.ts';
import { turnedOnDevice } from '../../src/experiment/turned.ts';
import { createRng } from '../../src/numeric/random.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { attentionNets, nets } from '../explainers/nets.ts';
import { painted } from './by-host.ts';
import { randomTensor, scoreOf } from './toy.ts';

const engine = createReferenceEngine();
const side = 4;
const models = Object.entries({ ...nets, ...attentionNets }).map(([name, make]) =>
  make(createRng(3, name), { size: side, normalise: true }),
);
const draw = (key: string) => randomTensor([3, side, side], key);

/** Few pictures beside those at both ends: nothing turned, and all of it. */
const anyPictures = fc
  .tuple(fc.constantFrom(1, 3), fc.string(), fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { maxLength: 70 }))
  .map(([channels, key, places]): Turned => {
    const features = channels * side * side;
    const order = createRng(0, key).shuffle(Uint32Array.from({ length: features }, (_, f) => f));
    const drawn = places.map(
      (ends) => ends.map((end) => end % (features + 1)).sort((a, b) => a - b) as [number, number],
    );
    return { from: draw(`${key} from`), to: draw(`${key} to`), order, spans: [[0, 0], ...drawn, [0, features]] };
  });

it('pictures made of two are what they would be painted one by one, on the host and on the device', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...models), anyPictures, async (model, pictures) => {
      const { predict } = createPrograms(engine, model);
      const expected = await predict(painted(pictures));
      expect(await turnedOnHost(predict)(pictures)).toEqual(expected);
      expect(await turnedOnDevice(engine, model)(pictures)).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

const values = { variant: 'quantus' };
it.each<readonly [MapMetric, object]>([
  [deletion as MapMetric, { steps: 7 }],
  [insertion as MapMetric, {}],
  [pixelFlipping as MapMetric, {}],
  [pixelFlipping as MapMetric, values],
  [aopc as MapMetric, { patch: 3 }],
  [sufficiency as MapMetric, {}],
  [faithfulnessEstimate as MapMetric, { steps: 5 }],
  [faithfulnessEstimate as MapMetric, values],
])('$0.name is the same by both ways, ties included: %o', async ({ ...metric }, options) => {
  const [model] = models;
  const { predict } = createPrograms(engine, model);
  const predictTurned = turnedOnDevice(engine, model);
  // Few levels make many ties.
  const anyMap = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: side * side, maxLength: side * side });
  await fc.assert(
    fc.asyncProperty(anyMap, fc.nat(), async (levels, seed) => {
      const map = tensor([1, side, side], levels);
      const score = (other: object) => scoreOf(metric, map, { predict, seed, options, ...other });
      expect(await score({ predictTurned })).toEqual(await score({}));
    }),
    { numRuns: 10 },
  );
});

it('what is held is freed, also where a run fails', async () => {
  const [model] = models;
  let held = 0;
  const counted = (state: State): State =>
    Object.fromEntries(
      Object.entries(state).map(([name, kept]) => {
        held++;
        return [name, { ...kept, dispose: () => void held-- }];
      }),
    );
  const broken: Engine = {
    ...engine,
    compileStep(results, state) {
      const program = engine.compileStep(results, state);
      return {
        ...program,
        hold: async (tensors) => counted(await program.hold(tensors)),
        run: () => (expect(held).toBe(3), Promise.reject(new Error('the device is gone'))),
      };
    },
  };
  const order = Uint32Array.from({ length: side * side }, (_, f) => f);
  const pictures = { from: draw('from'), to: draw('to'), order, spans: [[0, 1]] as const };
  await expect(turnedOnDevice(broken, model)(pictures)).rejects.toThrow('the device is gone');
  expect(held).toBe(0);
});
