import { affineOutside } from './affine.ts';
import type { OpAttrs } from './attrs.ts';
import { mul } from './build.ts';
import { flopsOf, flopsPerValue, sizeAt } from './flops.ts';
import { linearMap, timesNumber } from './linear-map.ts';
import type { Node } from './node.ts';
import { sumOfTerms } from './sum-over.ts';
import { between, substitute } from './traverse.ts';

interface Made {
  readonly inner: Node;
  of(x: Node): Node;
}

/**
 * The linear map that makes a term, and what it is applied to; a number by which its result is multiplied goes to its operand. None where
 * sums of what it is applied to are so much larger that they take longer than the map.
 */
function outermost(term: Node, varying: ReadonlySet<Node>): Made | undefined {
  const product = timesNumber(term, varying);
  if (product && varying.has(product.x)) {
    const map = outermost(product.x, varying);
    return map && { ...map, inner: mul(map.inner, product.number) };
  }
  const map = linearMap(term, varying);
  if (!map || map.bias) return undefined;
  const { operand: inner, of } = map;
  const pays = sizeAt(inner) <= sizeAt(term) || flopsOf(term) >= flopsPerValue * sizeAt(inner);
  return pays ? { inner, of } : undefined;
}

/** Σ L(t) = L(Σ t). */
function summedInside(term: Node, entries: readonly Node[], sum: (term: Node) => Node): Node {
  const map = outermost(term, between(entries, [term]));
  return map ? map.of(summedInside(map.inner, entries, sum)) : sum(term);
}

/**
 * A `sumOver` without what need not be done for each term: what is the same in all of them, linear maps of the terms, and linear maps of what
 * is affine in a number.
 */
export function hoist(operands: readonly Node[], { params, body, sequences }: OpAttrs['sumOver']): Node {
  const entries = params.slice(0, sequences);
  const sum = (term: Node) => sumOfTerms(term, entries, operands.slice(0, sequences));
  const shared = new Map(params.slice(sequences).map((p, i) => [p, operands[sequences + i]]));
  return substitute([summedInside(affineOutside(body, entries), entries, sum)], shared)[0];
}
