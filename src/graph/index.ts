import './ops/source.ts';
import './ops/unary.ts';
import './ops/binary.ts';
import './ops/linear.ts';
import './ops/pool.ts';
import './ops/reduce.ts';
import './ops/structure.ts';

export * from './attrs.ts';
export * from './build.ts';
export * from './flops.ts';
export * from './grad.ts';
export * from './shape.ts';
export * from './sign.ts';
export * from './simplify.ts';
export * from './sum-over.ts';
export * from './traverse.ts';
export { apply, GraphError, named, withInputs } from './node.ts';
