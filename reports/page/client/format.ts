/** Three digits after the point for ordinary numbers, three significant ones for others; a true minus sign. */
export function formatNumber(v: number): string {
  if (!Number.isFinite(v)) return String(v).replace('-', '−').replace('Infinity', '∞');
  const size = Math.abs(v);
  const text =
    v === 0 ? '0' : size < 0.001 || size >= 1e5 ? v.toExponential(2) : size < 10 ? v.toFixed(3) : v.toPrecision(4);
  return text.replace('-', '−').replace('e+', 'e').replace('e-', 'e−');
}

/** Three significant digits. */
export const formatShort = (v: number): string =>
  (v !== 0 && (Math.abs(v) < 0.001 || Math.abs(v) >= 1e4) ? v.toExponential(2) : String(Number(v.toPrecision(3))))
    .replace('e+', 'e')
    .replaceAll('-', '−');

export const formatPercent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

/** `1 sample`, `8 samples`, `10,000 samples`. */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;

/** A time span in words. */
export function formatSeconds(seconds: number): string {
  if (seconds < 100) return `${Number(seconds.toPrecision(2))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What the reader calls an attack; the clean picture's is `none`. */
export const attackTitle = (attack: string): string => (attack === 'none' ? 'clean pictures' : attack);

/** Which end of a metric is better, in words. */
export const goals = { higher: '↑ higher is better', lower: '↓ lower is better' };
