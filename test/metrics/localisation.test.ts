import { describe, expect, it } from 'vitest';
import { attributionLocalisation } from '../../metrics/attribution-localisation.ts';
import { pointingGame } from '../../metrics/pointing-game.ts';
import { relevanceMass } from '../../metrics/relevance-mass.ts';
import { relevanceRank } from '../../metrics/relevance-rank.ts';
import { tensor } from '../../src/numeric/tensor.ts';
import { scoreOf, valueOf } from './toy.ts';

// Two rows of four; the object is the left half.
const mask = Uint8Array.of(1, 1, 0, 0, 1, 1, 0, 0);
const map = (...values: number[]) => tensor([1, 2, 4], values);
const uneven = map(3, -5, 1, 2, 0, 1, -2, 1);

describe('pointing game', () => {
  it.each([
    ['a hit', map(9, 0, 0, 0, 0, 0, 0, 0), 0, 1],
    ['a miss', map(0, 0, 9, 0, 0, 0, 0, 0), 0, 0],
    ['one of three tied maxima inside', map(9, 0, 9, 0, 0, 0, 0, 9), 0, 1 / 3],
    ['the largest of a negative map', map(-1, -2, -2, -2, -2, -2, -2, -2), 0, 1],
    ['one pixel beside the object, tolerance 1', map(0, 0, 9, 0, 0, 0, 0, 0), 1, 1],
    ['two pixels beside the object, tolerance 1.9', map(0, 0, 0, 9, 0, 0, 0, 0), 1.9, 0],
  ])('%s', async (_, attribution, tolerance, expected) => {
    expect(valueOf(await scoreOf(pointingGame, attribution, { mask, options: { tolerance } }))).toBeCloseTo(
      expected,
      14,
    );
  });

  it('takes a disc and not a square for its tolerance', async () => {
    // The object is the top left pixel; the maximum lies one row and one column away, at a distance of √2.
    const corner = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    const attribution = map(0, 0, 0, 0, 0, 9, 0, 0);
    const at = (tolerance: number) => scoreOf(pointingGame, attribution, { mask: corner, options: { tolerance } });
    expect(await at(1)).toEqual({ value: 0 });
    expect(await at(1.5)).toEqual({ value: 1 });
  });
});

describe('attribution localisation', () => {
  it('counts positive relevance only', async () => {
    // Inside 3+0+1, outside 1+2+1.
    expect(await scoreOf(attributionLocalisation, uneven, { mask })).toEqual({ value: 0.5 });
    const step = { channels: 'sum', sign: 'signed', normalise: 'none' } as const;
    expect(await scoreOf(attributionLocalisation, uneven, { mask, step })).toEqual({ value: 0.5 });
  });

  it('weighs by the size of the object', async () => {
    // Times 8 pixels over 2.
    const small = Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0);
    const options = { weighted: true };
    expect(await scoreOf(attributionLocalisation, uneven, { mask: small, options })).toEqual({ value: (3 / 8) * 4 });
  });

  it('has no value for a map without positive relevance', async () => {
    const outcome = await scoreOf(attributionLocalisation, map(-1, -1, 0, 0, 0, 0, 0, 0), { mask });
    expect(outcome).toEqual({ reason: 'the map holds no relevance to share out' });
  });
});

describe('relevance mass accuracy', () => {
  it('counts magnitudes', async () => {
    // Inside 3+5+0+1, outside 1+2+2+1.
    expect(await scoreOf(relevanceMass, uneven, { mask })).toEqual({ value: 9 / 15 });
  });
});

describe('relevance rank accuracy', () => {
  it('counts the top four, sharing tied places', async () => {
    // 3 (in) and 2 (out) are chosen; 1 (out), 1 (in), 1 (out) share the two places left: 1 + 2/3 of 4.
    expect(valueOf(await scoreOf(relevanceRank, uneven, { mask }))).toBeCloseTo((1 + 2 / 3) / 4, 14);
  });
});
