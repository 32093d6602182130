import { hash } from './noise.ts';
import type { Shape } from './shapes.ts';

/** What a texture may depend on besides the position. */
export interface Weave {
  readonly shape: Shape;
  /** Offset of the pattern, in periods. */
  readonly phase: readonly [number, number];
  /** Period of the pattern, in sides of a square with the area of the shape. */
  readonly period: number;
  readonly seed: number;
}

/** Which of its two colours a texture has at a point of the shape's plane. */
export interface Texture {
  readonly name: string;
  second(x: number, y: number, weave: Weave): boolean;
}

const fraction = (v: number) => v - Math.floor(v);

/** The textures of the ten classes, in the order of the labels. */
export const classTextures: readonly Texture[] = [
  { name: 'striped', second: (x, _y, { period, phase }) => fraction(x / period + phase[0]) < 0.5 },
  {
    name: 'checkered',
    second: (x, y, { period, phase }) =>
      fraction(x / period + phase[0]) < 0.5 !== fraction(y / period + phase[1]) < 0.5,
  },
  {
    name: 'dotted',
    second(x, y, { period, phase }) {
      const row = y / period + phase[1];
      const u = fraction(x / period + phase[0] + Math.floor(row) * 0.5) - 0.5;
      const v = fraction(row) - 0.5;
      return u * u + v * v < 0.1;
    },
  },
  { name: 'banded', second: (x, y, { period }) => fraction(Math.sqrt(x * x + y * y) / period) < 0.5 },
  { name: 'sectored', second: (x, y) => (x > 0 !== y > 0) !== Math.abs(x) > Math.abs(y) },
  { name: 'framed', second: (x, y, { shape }) => shape.inside(x * 1.5, y * 1.5) },
  {
    name: 'mosaic',
    second: (x, y, { period, seed }) =>
      (hash(Math.floor((x * 2.6) / period), Math.floor((y * 2.6) / period), seed) & 1) === 1,
  },
  { name: 'halved', second: (x) => x > 0 },
  {
    name: 'latticed',
    second: (x, y, { period, phase }) =>
      fraction(x / period + phase[0]) < 0.28 || fraction(y / period + phase[1]) < 0.28,
  },
  { name: 'chevroned', second: (x, y, { period, phase }) => fraction((x + Math.abs(y)) / period + phase[0]) < 0.5 },
];

/** One colour only: the texture of no class. */
export const plain: Texture = { name: 'plain', second: () => false };
