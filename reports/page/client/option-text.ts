const grey = 255;

/** `8/255` for whole and half grey levels that a few digits do not say; else up to six digits. */
function numberText(v: number): string {
  const levels = Math.round(2 * v * grey) / 2;
  const isShort = Number(v.toPrecision(3)) === v;
  if (!isShort && levels > 0 && levels < grey && Math.abs(v * grey - levels) < 1e-4) return `${levels}/${grey}`;
  const size = Math.abs(v);
  const text = size >= 1e6 || (size > 0 && size < 1e-4) ? v.toExponential() : String(Number(v.toPrecision(6)));
  return text.replace('e+', 'e');
}

function valueText(value: unknown): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const text = Array.isArray(value) ? value.map(valueText).join(', ') : optionsText(value);
  return text === '' ? 'none' : `(${text})`;
}

/** Options in words: `norm: linf, epsilon: 8/255, heatmap: (channels: sum, sign: signed)`. */
export function optionsText(options: unknown): string {
  if (typeof options !== 'object' || options === null) return '';
  return Object.entries(options)
    .map(([key, value]) => `${key}: ${valueText(value)}`)
    .join(', ');
}
