import type { Engine, Feeds, Outputs, Program } from '../src/engine/engine.ts';
import { flops, inputsOf, simplify } from '../src/graph/index.ts';

/** An engine that adds up the floating-point operations of what its programs run. */
export function counted(engine: Engine): Engine & { flops(): number } {
  let total = 0;
  function counting<P extends Pick<Program, 'inputs' | 'release'> & { run(feeds: Feeds): unknown }>(
    program: P,
    outputs: Outputs,
  ): P {
    const nodes = simplify(Object.values(outputs));
    const batched = inputsOf(nodes).find(({ shape }) => shape[0] === 'N')?.attrs.name;
    const run = (feeds: Feeds) => {
      total += flops(nodes, batched === undefined ? 1 : feeds[batched].shape[0]);
      return program.run(feeds);
    };
    return { ...program, run };
  }
  return {
    ...engine,
    flops: () => total,
    compile: (outputs) => counting(engine.compile(outputs), outputs),
    compileStep: (results, state) => counting(engine.compileStep(results, state), { ...results, ...state }),
  };
}
