/** The number behind the 16 bits of an IEEE half. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A whole number, halves to the even neighbour, as IEEE rounds. */
function toEven(v: number): number {
  const low = Math.floor(v);
  return v - low === 0.5 ? low + (low % 2) : Math.round(v);
}

/** The 16 bits of the IEEE half nearest to a finite number; infinite from 65520 on. */
export function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  // The step between neighbours is 2^-24 up to the first normal number, and doubles with each power of two from there.
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  // A fraction that is rounded up to 2048 carries into the exponent, as the layout of the bits wants it.
  const steps = toEven(size * 2 ** (10 - exponent));
  return sign | Math.min(0x7c00, steps + ((exponent + 14) << 10));
}
