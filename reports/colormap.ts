/** A colour in sRGB, each part in [0,255]. */
export type Rgb = readonly [number, number, number];

/** Colour of a value; `t` is in [0,1] for sequential and in [-1,1] for diverging maps, and is clamped to it. */
export type Colormap = (t: number) => Rgb;

const clamp = (v: number, low: number, high: number): number => Math.min(high, Math.max(low, v));

// Björn Ottosson's Oklab (2020), from lightness, chroma and hue to sRGB.
function oklch(lightness: number, chroma: number, hueDegrees: number): Rgb {
  const hue = (hueDegrees * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return linear.map((v) => 255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055)) as unknown as Rgb;
}

/** As CSS writes it. */
export const cssColour = (colour: Rgb): string => `rgb(${colour.map(Math.round).join(' ')})`;

/** Black or white, whichever is easier to read on a colour: a contrast of 4.5 or more on any (WCAG 2.2, level AA). */
export function textOn(colour: Rgb): string {
  const [r, g, b] = colour.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.1791 ? '#000000' : '#ffffff';
}

/** A pixel without a value: not in either colour map, so it cannot be taken for one with a value. */
export const noValue: Rgb = [150, 150, 150];

/**
 * Blue (negative), white (zero), red (positive). Lightness falls and chroma grows in proportion to |t| in Oklab, so equal
 * differences look equal and both signs weigh the same. Made from this formula, hence no table and no licence of others.
 */
export const diverging: Colormap = (t) => {
  const strength = Math.abs(clamp(t, -1, 1));
  return oklch(0.98 - 0.53 * strength, 0.16 * strength, t < 0 ? 258 : 27);
};

// Matt Zucker's polynomial fit of viridis; both the fit and the original by Smith, van der Walt and Firing are CC0.
const viridis: readonly Rgb[] = [
  [0.2777273272, 0.0054073445, 0.3340998053],
  [0.1050930431, 1.4046135299, 1.3845901626],
  [-0.3308618287, 0.2148475595, 0.095095163],
  [-4.634230499, -5.799100973, -19.332440956],
  [6.228269936, 14.179933367, 56.690552601],
  [4.776384998, -13.745145377, -65.353032633],
  [-5.435455856, 4.645852612, 26.312435249],
];

/** Viridis: dark violet (zero) over green to yellow. */
export const sequential: Colormap = (t) => {
  const x = clamp(t, 0, 1);
  const channel = (c: number) => viridis.reduceRight((sum, coefficients) => sum * x + coefficients[c], 0);
  return [0, 1, 2].map((c) => 255 * clamp(channel(c), 0, 1)) as unknown as Rgb;
};
