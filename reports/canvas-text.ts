import type { SKRSContext2D } from '@napi-rs/canvas';
import { fontFamily } from './font.ts';

/** Pixels of the PNG a unit of length. */
export const pixelRatio = 2;
/** Colour of text. */
export const ink = '#222222';

/** A CSS font in the family of all reports; sizes in units. */
export const font = (size: number, weight = 400): string => `${weight} ${size}px ${fontFamily}`;

/** Cuts a text, in front of its suffix, so that both fit a width in the context's font; an ellipsis stands for what is lost. */
export function fitted(context: SKRSContext2D, text: string, width: number, suffix = ''): string {
  if (context.measureText(text + suffix).width <= width) return text + suffix;
  let end = text.length;
  while (end > 0 && context.measureText(`${text.slice(0, end)}…${suffix}`).width > width) end--;
  return `${text.slice(0, end)}…${suffix}`;
}
