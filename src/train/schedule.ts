/** The learning rate at `progress` in [0,1]: up in a straight line over the first tenth, then down along a cosine to 0. */
export function learningRate(peak: number, progress: number): number {
  const rise = 0.1;
  if (progress < rise) return (peak * progress) / rise;
  return (peak * (1 + Math.cos((Math.PI * (progress - rise)) / (1 - rise)))) / 2;
}
