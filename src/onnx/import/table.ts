import type { Importer } from './call.ts';
import { activation } from './ops/activation.ts';
import { arithmetic } from './ops/arithmetic.ts';
import { linear } from './ops/linear.ts';
import { normalise } from './ops/normalise.ts';
import { pool } from './ops/pool.ts';
import { quantise } from './ops/quantise.ts';
import { reduce } from './ops/reduce.ts';
import { resizes } from './ops/resize.ts';
import { shapes } from './ops/shape.ts';
import { slices } from './ops/slice.ts';
import { structure } from './ops/structure.ts';

/** What each ONNX operator of the default domain becomes. */
export const importers: ReadonlyMap<string, Importer> = new Map(
  Object.entries({
    ...activation,
    ...arithmetic,
    ...linear,
    ...normalise,
    ...pool,
    ...quantise,
    ...reduce,
    ...resizes,
    ...shapes,
    ...slices,
    ...structure,
  }),
);
