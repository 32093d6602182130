const tail = 3;
const terms = 60;

/** The error function, to about 1e-16. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x)) return NaN;
  if (size > 6) return Math.sign(x);
  return Math.sign(x) * (size < tail ? series(size) : 1 - complement(size));
}

/** 1 - erf(x), to about 1e-11 of its value, however small it is. */
export function erfc(x: number): number {
  return x < tail ? 1 - erf(x) : complement(x);
}

// 2/sqrt(pi) exp(-x^2) sum_n 2^n x^(2n+1) / (2n+1)!!: unlike the Taylor series it adds positive terms only, so nothing cancels.
function series(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; n <= terms; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

// Laplace's continued fraction of 1 - erf, from its far end.
function complement(x: number): number {
  let fraction = x;
  for (let n = terms; n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}
