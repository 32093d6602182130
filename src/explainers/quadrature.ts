/** A rule of numerical integration over [0,1]: nodes and weights; the weights sum to 1. */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** Legendre's polynomial of degree n and its derivative at x in (-1, 1). */
function legendre(n: number, x: number): [value: number, slope: number] {
  let [before, value] = [1, x];
  for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  return [value, (n * (x * value - before)) / (x * x - 1)];
}

/** Gauss-Legendre: exact for polynomials up to degree 2n-1. Nodes by Newton's method, as NumPy's `leggauss` to 1e-14. */
export function gaussLegendre(n: number): Quadrature {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (n - i - 0.25)) / (n + 0.5));
    for (let step = 0; step < 8; step++) {
      const [value, slope] = legendre(n, x);
      x -= value / slope;
    }
    if (n === 1) x = 0;
    const slope = n === 1 ? 1 : legendre(n, x)[1];
    nodes[i] = (x + 1) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

/** Right ends of n equal pieces. */
export const riemannRight = (n: number): Quadrature => ({
  nodes: Float64Array.from({ length: n }, (_, i) => (i + 1) / n),
  weights: new Float64Array(n).fill(1 / n),
});

/** Trapezoids between n equally spaced points, both ends included (n >= 2). */
export const trapezoid = (n: number): Quadrature => ({
  nodes: Float64Array.from({ length: n }, (_, i) => i / (n - 1)),
  weights: Float64Array.from({ length: n }, (_, i) => (i === 0 || i === n - 1 ? 0.5 : 1) / (n - 1)),
});
