/**
 * Solves A x = b for a symmetric positive definite A `[n,n]` (row-major, its lower triangle is read) by Cholesky's decomposition.
 * Throws RangeError where A is not positive definite up to rounding.
 */
export function solvePositiveDefinite(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let rest = a[i * n + j];
      for (let k = 0; k < j; k++) rest -= l[i * n + k] * l[j * n + k];
      if (i !== j) l[i * n + j] = rest / l[j * n + j];
      else if (rest > 1e-12 * a[i * n + i]) l[i * n + i] = Math.sqrt(rest);
      else throw new RangeError(`the matrix is not positive definite: pivot ${i} is ${rest}`);
    }
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= l[i * n + k] * x[k];
    x[i] /= l[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= l[k * n + i] * x[k];
    x[i] /= l[i * n + i];
  }
  return x;
}
