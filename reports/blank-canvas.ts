import { createCanvas, type Canvas, type SKRSContext2D } from '@napi-rs/canvas';
import { pixelRatio } from './canvas-text.ts';

/** A white canvas of a size in units, and its context, which draws in them. */
export function blankCanvas(
  width: number,
  height: number,
): { readonly canvas: Canvas; readonly context: SKRSContext2D } {
  const canvas = createCanvas(width * pixelRatio, height * pixelRatio);
  const context = canvas.getContext('2d');
  context.lang = 'en';
  context.scale(pixelRatio, pixelRatio);
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  return { canvas, context };
}
