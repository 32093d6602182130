import type { PointStyle } from 'chart.js';

/**
 * The colours of Okabe and Ito (2008), which readers with any colour vision tell apart; their yellow is left out, being
 * too pale for lines on white.
 */
const colours = ['#000000', '#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const markers: PointStyle[] = ['circle', 'rect', 'triangle', 'rectRot', 'crossRot', 'star', 'rectRounded'];
const dashes = [[], [6, 3], [2, 2], [8, 2, 2, 2]];

/** Colour, marker and dash of the i-th series: the colour repeats after seven, with another marker and dash. */
export const seriesStyle = (i: number) => ({
  colour: colours[i % colours.length],
  marker: markers[(i + Math.floor(i / colours.length)) % markers.length],
  dash: dashes[Math.floor(i / colours.length) % dashes.length],
});

/** A `#rrggbb` colour with an opacity in [0,1]. */
export const withAlpha = (colour: string, alpha: number): string =>
  colour +
  Math.round(alpha * 255)
    .toString(16)
    .padStart(2, '0');
