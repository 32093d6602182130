/** Titles of the axes of a curve over changed pixels. */
export const overPixels = { x: 'fraction of pixels changed', y: 'probability of the explained class' };

/** More bands than this hide each other. */
export const mostBands = 6;
