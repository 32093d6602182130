import type { Node } from '../node.ts';

/** Throws RangeError unless the node holds indices. */
export function expectIndices(indices: Node): void {
  if (indices.dtype !== 'int64') throw new RangeError(`indices must be int64, not ${indices.dtype}`);
}
