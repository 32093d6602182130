import * as g from '../../../graph/index.ts';
import type { Dim, Node } from '../../../graph/index.ts';
import { known, node, value, type Call, type Importer } from '../call.ts';
import {
  addDims,
  divideDims,
  divideIntegers,
  equalDims,
  multiplyDims,
  onNumbers,
  refuse,
  subtractDims,
  truth,
  type DimOp,
} from '../dims.ts';
import { chosen, mapped, zipped } from '../static.ts';
import { isNode, isStatic, numbers, toNode, type Static, type Value } from '../value.ts';

/** A function of one value, as a node and as a number; without the second, constants become nodes too. */
const unary =
  (make: (x: Node) => Node, fold?: (x: number) => number, symbolic?: (x: Dim) => Dim): Importer =>
  (call) => {
    const x = value(call, 0);
    if (isNode(x) || !fold) return make(toNode(x));
    return mapped(x, (v) => (typeof v === 'number' ? fold(v) : (symbolic ?? refuse)(v)));
  };

/** Rounding, which graphs of pictures have no use for but the arithmetic of shapes has. */
const rounding =
  (round: (x: number) => number): Importer =>
  (call) =>
    mapped(known(call, 0, 'an operand'), (v) => (typeof v === 'number' ? round(v) : v));

type Fold = (a: Static, b: Static) => Static;

function combine(a: Value, b: Value, make: (x: Node, y: Node) => Node, fold: Fold): Value {
  return isStatic(a) && isStatic(b) ? fold(a, b) : make(toNode(a), toNode(b));
}

/** A function of any number of values, taken two at a time. */
const variadic =
  (make: (x: Node, y: Node) => Node, f: DimOp): Importer =>
  (call) =>
    call.inputs.map((_, i) => value(call, i)).reduce((a, b) => combine(a, b, make, (x, y) => zipped(x, y, f)));

const comparison = (make: (x: Node, y: Node) => Node, f: DimOp): Importer => {
  return (call) => combine(value(call, 0), value(call, 1), make, (a, b) => zipped(a, b, f, 'bool'));
};

const lessThan = (a: Node, b: Node) => g.greater(b, a);

function power(call: Call): Value {
  const [x, y] = [value(call, 0), value(call, 1)];
  if (isStatic(x) && isStatic(y))
    return zipped(
      x,
      y,
      onNumbers((a, b) => a ** b),
    );
  const base = toNode(x);
  // Products are faster than a power, and their derivative holds at negative values.
  const exponent =
    isStatic(y) && y.data.length === 1 && y.shape.length <= base.shape.length ? numbers(y)[0] : undefined;
  if (exponent === 1) return base;
  if (exponent === 2) return g.mul(base, base);
  if (exponent === 3) return g.mul(g.mul(base, base), base);
  if (exponent === 0.5) return g.sqrt(base);
  return g.pow(base, g.cast(toNode(y), 'float32'));
}

function mean(call: Call): Node {
  const total = call.inputs.map((_, i) => node(call, i)).reduce((a, b) => g.add(a, b));
  return g.mul(total, 1 / call.inputs.length);
}

function divide(call: Call): Value {
  return combine(value(call, 0), value(call, 1), g.div, (a, b) =>
    zipped(a, b, a.dtype === 'int64' ? divideIntegers : divideDims),
  );
}

function where(call: Call): Value {
  const [condition, a, b] = [value(call, 0), value(call, 1), value(call, 2)];
  if (isStatic(condition) && isStatic(a) && isStatic(b)) return chosen(condition, a, b);
  return g.where(toNode(condition), toNode(a), toNode(b));
}

export const arithmetic: Record<string, Importer> = {
  Neg: unary(
    g.neg,
    (x) => -x,
    (x) => multiplyDims(x, -1),
  ),
  Abs: unary(g.abs, Math.abs),
  Sign: unary(g.sign, Math.sign),
  Exp: unary(g.exp, Math.exp),
  Log: unary(g.log, Math.log),
  Sqrt: unary(g.sqrt, Math.sqrt),
  Erf: unary(g.erf),
  Reciprocal: unary(
    (x) => g.div(1, x),
    (x) => 1 / x,
  ),
  Not: unary(g.not, (x) => truth(x === 0)),
  Floor: rounding(Math.floor),
  Ceil: rounding(Math.ceil),
  Add: variadic(g.add, addDims),
  Sum: variadic(g.add, addDims),
  Sub: variadic(g.sub, subtractDims),
  Mul: variadic(g.mul, multiplyDims),
  Div: divide,
  Pow: power,
  Mean: mean,
  Min: variadic(g.minimum, onNumbers(Math.min)),
  Max: variadic(g.maximum, onNumbers(Math.max)),
  And: comparison(
    g.and,
    onNumbers((a, b) => truth(a !== 0 && b !== 0)),
  ),
  Equal: comparison(g.equal, equalDims),
  Greater: comparison(
    g.greater,
    onNumbers((a, b) => truth(a > b)),
  ),
  GreaterOrEqual: comparison(
    g.greaterEqual,
    onNumbers((a, b) => truth(a >= b)),
  ),
  Less: comparison(
    lessThan,
    onNumbers((a, b) => truth(a < b)),
  ),
  LessOrEqual: comparison(
    (a, b) => g.greaterEqual(b, a),
    onNumbers((a, b) => truth(a <= b)),
  ),
  Where: where,
};
