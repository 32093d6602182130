/** A reason without the place within a map, which differs from sample to sample. */
export const shortReason = (reason: string): string => reason.replace(/ at \[[\d,]+\]/g, '');
