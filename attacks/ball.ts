import { add, maximum, minimum, sub, type Node } from '../src/graph/index.ts';

/** The nearest picture in the L-inf ball of a radius, in pixel units, around another. */
export const intoBall = (picture: Node, centre: Node, radius: number): Node =>
  maximum(minimum(picture, add(centre, radius)), sub(centre, radius));
