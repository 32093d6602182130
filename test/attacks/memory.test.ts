import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import * as g from '../../src/graph/index.ts';
import type { Node } from '../../src/graph/index.ts';
import type { Model } from '../../src/model/model.ts';
import { toyAttacks } from './toy.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('memory stays flat over 1,500 steps of manipulation of a batch', async () => {
  const engine = createOnnxRuntimeEngine({ threads: 1 });
  const held: { values: number; process: number }[] = [];
  let runs = 0;
  const measured: Engine = {
    ...engine,
    compileStep(results, state) {
      const program = engine.compileStep(results, state);
      return {
        ...program,
        run(feeds) {
          if (++runs % 300 === 0) {
            // Array buffers are swept beside the program, which a second collection waits for.
            collect();
            collect();
            const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
            held.push({ values: heapUsed + arrayBuffers, process: rss });
          }
          return program.run(feeds);
        },
      };
    },
  };
  const { prepare, run, victim } = toyAttacks(measured);
  const attribution = (m: Model, target: Node) => g.grad(g.reduceSum(g.mul(m.logits, target), [1]), [m.input])[0];
  const victims = await Promise.all([1, 2, 3, 4].map((seed) => victim(seed)));
  const found = await run(prepare('targeted-manipulation', {}, attribution), victims);
  expect(found.map(({ losses }) => losses?.length)).toEqual([1500, 1500, 1500, 1500]);
  expect(held).toHaveLength(5);
  // Four losses of 8 bytes are kept of a step; what goes round in it is 21 kB.
  const [early, late] = [held[0], held[4]];
  expect((late.values - early.values) / 1200).toBeLessThan(500);
  expect((late.process - early.process) / 1200).toBeLessThan(15_000);
  await engine.release();
}, 60_000);
