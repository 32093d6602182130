import type { Engine } from '../src/engine/engine.ts';
import { flops, inputsOf, simplify } from '../src/graph/index.ts';

/** An engine that adds up the floating-point operations of what its programs run. */
export function counted(engine: Engine): Engine & { flops(): number } {
  let total = 0;
  return {
    ...engine,
    flops: () => total,
    compile(outputs) {
      const program = engine.compile(outputs);
      const nodes = simplify(Object.values(outputs));
      const batched = inputsOf(nodes).find(({ shape }) => shape[0] === 'N')?.attrs.name;
      return {
        ...program,
        run(feeds) {
          total += flops(nodes, batched === undefined ? 1 : feeds[batched].shape[0]);
          return program.run(feeds);
        },
      };
    },
  };
}
