/** The softmax probability of class `index` among logits `[K]`, in float64. Throws RangeError for a class that is not there. */
export function softmaxAt(logits: Float32Array, index: number): number {
  if (!(index in logits)) throw new RangeError(`class ${index} of a model with ${logits.length} classes`);
  let largest = -Infinity;
  for (const v of logits) largest = Math.max(largest, v);
  let total = 0;
  for (const v of logits) total += Math.exp(v - largest);
  return Math.exp(logits[index] - largest) / total;
}
