import type { Engine, Kept, State, Stepper } from '../src/engine/engine.ts';
import type { Scope } from '../src/engine/scope.ts';
import * as g from '../src/graph/index.ts';
import type { Shape } from '../src/graph/index.ts';
import { at, copyOf, tensor, type Tensor } from '../src/numeric/tensor.ts';

/** Compiles the choice, row by row, between the best pictures up to now and others of the same shape. */
export function compileChoice(engine: Engine, shape: Shape): Stepper {
  const [now, before] = ['now', 'before'].map((name) => g.input(name, shape));
  const taken = g.input(
    'taken',
    shape.map((d, axis) => (axis === 0 ? d : 1)),
  );
  return engine.compileStep({}, { best: g.where(g.greater(taken, 0), now, before) });
}

/** The best pictures of a batch, which stay where the engine computes until they are asked for. */
export interface Best {
  /** What of them is there. */
  state(): State;
  /** Takes some rows of pictures. */
  take(rows: readonly number[], pictures: Kept): Promise<void>;
  /** The pictures of the rows that were taken since the last call. */
  read(): Promise<ReadonlyMap<number, Tensor>>;
}

/** Makes the place for the best pictures of one batch. */
export function bestOf(choice: Stepper, scope: Scope): Best {
  let best: State = {};
  const known = new Set<number>();
  return {
    state: () => best,
    async take(rows, pictures) {
      if (rows.length === 0) return;
      for (const row of rows) known.add(row);
      // Rows that nobody knows yet may hold anything.
      if (rows.length === known.size) best = { best: pictures };
      else {
        const [samples, ...rest] = pictures.shape;
        const taken = tensor([samples, ...rest.map(() => 1)]);
        for (const row of rows) taken.data[row] = 1;
        best = scope.add((await choice.run({ now: pictures, before: best.best, taken })).state);
      }
    },
    async read() {
      if (known.size === 0) return new Map();
      const pictures = await best.best.read();
      const found = new Map([...known].map((row) => [row, copyOf(at(pictures, row))] as const));
      known.clear();
      best = {};
      return found;
    },
  };
}
