import { maxPool, mul, poolScatter, reshape, sign, transpose } from './build.ts';
import { hoist } from './hoist.ts';
import { withInputs, type Node } from './node.ts';
import { broadcast, sameShape, type Shape } from './shape.ts';
import { rewrite } from './traverse.ts';

const broadcasting = new Set([
  'add',
  'sub',
  'mul',
  'div',
  'pow',
  'minimum',
  'maximum',
  'greater',
  'greaterEqual',
  'equal',
  'and',
  'where',
]);

const scalarValue = (node: Node): number | undefined =>
  node.op === 'constant' && node.attrs.data.length === 1 ? node.attrs.data[0] : undefined;

const isScalar = (node: Node, value: number, shape: Shape): boolean =>
  scalarValue(node) === value && node.shape.length <= shape.length;

/** Leaves out an expansion that broadcasting does anyway. */
function dropExpansions(node: Node): Node {
  if (!broadcasting.has(node.op)) return node;
  let inputs = node.inputs;
  inputs.forEach((x, i) => {
    if (x.op !== 'expand') return;
    const without = inputs.map((y, j) => (i === j ? x.inputs[0] : y));
    if (sameShape(broadcast(...without.map((y) => y.shape)), node.shape)) inputs = without;
  });
  return withInputs(node, inputs);
}

/** A max pool's gradient, times the sign of what was pooled: the sign of the maximum says the same on fewer values. */
function signBeforeScatter([scattered, signs]: readonly Node[]): Node | undefined {
  if (scattered.op !== 'poolScatter' || signs.op !== 'sign') return undefined;
  const [values, indices] = scattered.inputs;
  if (indices.op !== 'maxPoolIndices' || indices.inputs[0] !== signs.inputs[0]) return undefined;
  const maxima = maxPool(indices.inputs[0], indices.attrs);
  return poolScatter(mul(values, sign(maxima)), indices, scattered.attrs.size);
}

/** What x becomes by arithmetic with neutral elements, and by reshaping or transposing twice. */
function local(node: Node): Node {
  const [x, y] = node.inputs;
  const sameAs = (kept: Node) => sameShape(kept.shape, node.shape);
  switch (node.op) {
    case 'mul':
      if (sameAs(x) && isScalar(y, 1, x.shape)) return x;
      if (sameAs(y) && isScalar(x, 1, y.shape)) return y;
      return signBeforeScatter([x, y]) ?? signBeforeScatter([y, x]) ?? node;
    case 'add':
      if (sameAs(x) && isScalar(y, 0, x.shape)) return x;
      if (sameAs(y) && isScalar(x, 0, y.shape)) return y;
      return node;
    case 'sub':
      return sameAs(x) && isScalar(y, 0, x.shape) ? x : node;
    case 'div':
      return sameAs(x) && isScalar(y, 1, x.shape) ? x : node;
    case 'neg':
      return x.op === 'neg' ? x.inputs[0] : node;
    case 'reshape':
      return x.op === 'reshape' ? reshape(x.inputs[0], node.attrs.shape) : sameAs(x) ? x : node;
    case 'transpose':
      return x.op === 'transpose'
        ? transpose(
            x.inputs[0],
            node.attrs.perm.map((p) => x.attrs.perm[p]),
          )
        : node;
    default:
      return node;
  }
}

function simplifyBody(node: Node): Node {
  if (node.op !== 'sumOver') return node;
  const [body] = simplify([node.attrs.body]);
  return hoist(node.inputs, { ...node.attrs, body });
}

/** Equal keys mean equal values; large constants are equal only to themselves. */
function keyOf(node: Node, ids: Map<Node, number>): string | undefined {
  if (node.op === 'input' || node.op === 'sumOver') return undefined;
  if (node.op === 'constant') {
    const { data, shape, dtype } = node.attrs;
    return data.length > 16 ? undefined : `constant:${dtype}:${shape.join()}:${Array.from(data).join()}`;
  }
  return `${node.op}:${JSON.stringify(node.attrs, (_, v) => (typeof v === 'number' ? String(v) : v))}:${node.inputs.map((i) => ids.get(i)).join()}`;
}

/**
 * An equivalent graph with fewer nodes: neutral arithmetic, needless expansions and repeated sub-expressions are gone.
 * Derivatives are made without looking around, so this is where their repetitions end.
 */
export function simplify(outputs: readonly Node[]): Node[] {
  const ids = new Map<Node, number>();
  const known = new Map<string, Node>();
  /** The one node for a value, inputs first: what a rule made has inputs that were not met before. */
  const unique = (made: Node): Node => {
    if (ids.has(made)) return made;
    const node = withInputs(made, made.inputs.map(unique));
    const key = keyOf(node, ids);
    const same = key === undefined ? undefined : known.get(key);
    if (same) return same;
    ids.set(node, ids.size);
    if (key !== undefined) known.set(key, node);
    return node;
  };
  return rewrite(outputs, (node) => unique(simplifyBody(local(dropExpansions(node)))));
}
