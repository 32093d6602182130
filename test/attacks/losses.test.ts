import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { crossEntropy, logitRatio, margin, targetedLogitRatio } from '../../attacks/losses.ts';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime.ts';
import * as g from '../../src/graph/index.ts';
import { oneHot, tensor } from '../../src/numeric/tensor.ts';

const engine = createOnnxRuntimeEngine({ threads: 1 });
afterAll(() => engine.release());

it('losses are those of the papers', async () => {
  const classes = 6;
  const [logits, label, goal] = ['logits', 'label', 'goal'].map((name) => g.input(name, ['N', classes]));
  const program = engine.compile({
    ce: crossEntropy(logits, label),
    margin: margin(logits, label),
    dlr: logitRatio(logits, label),
    targeted: targetedLogitRatio(logits, label, goal),
  });
  // Distinct logits: where some are equal, "the third" is not one of them.
  const values = fc.uniqueArray(fc.integer({ min: -200, max: 200 }), { minLength: classes, maxLength: classes });
  const index = fc.nat(classes - 1);
  await fc.assert(
    fc.asyncProperty(values, index, index, async (hundredths, y, t) => {
      const z = hundredths.map((v) => v / 100);
      const result = await program.run({
        logits: tensor([1, classes], z),
        label: oneHot(y, classes),
        goal: oneHot(t, classes),
      });
      const sorted = [...z].sort((a, b) => b - a);
      const ahead = Math.max(...z.filter((_, k) => k !== y)) - z[y];
      const expected = {
        ce: Math.log(z.reduce((s, v) => s + Math.exp(v), 0)) - z[y],
        margin: ahead,
        dlr: ahead / (sorted[0] - sorted[2]),
        targeted: (z[t] - z[y]) / (sorted[0] - (sorted[2] + sorted[3]) / 2),
      };
      for (const [name, v] of Object.entries(expected))
        expect(Math.abs(result[name].data[0] - v)).toBeLessThan(1e-4 * (1 + Math.abs(v)));
    }),
    { numRuns: 50 },
  );
});
