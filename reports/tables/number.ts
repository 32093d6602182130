/**
 * A number with so many digits after the point. One that these digits would turn to zero, and one of a million or more, has an exponent
 * instead; the minus is the typographic one.
 */
export function numberText(value: number, digits: number): string {
  const size = Math.abs(value);
  const fixed = size.toFixed(digits);
  const text =
    size === Infinity ? '∞' : size >= 1e6 || (size > 0 && Number(fixed) === 0) ? size.toExponential(1) : fixed;
  return value < 0 ? `−${text.replace('e-', 'e−')}` : text.replace('e-', 'e−').replace('e+', 'e');
}
