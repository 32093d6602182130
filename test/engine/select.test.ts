import { expect, test } from 'vitest';
import { engineNames, engines, findEngine, isEngineName, openEngine } from '../../src/engine/select.ts';
import { UserError } from '../../src/numeric/errors.ts';

test('an engine is found by family and device, or by its family alone', async () => {
  expect(findEngine('ort')).toBe(engines[0]);
  expect(findEngine('ort:cpu')).toBe(engines[0]);
  expect(await openEngine('reference')).toMatchObject({ name: 'reference', device: 'cpu' });
  expect(await openEngine()).toMatchObject({ name: 'onnxruntime', device: 'cpu' });
});

test('an unknown engine ends with the list of those that are known', () => {
  for (const name of ['or', 'ort:', 'ort:gpu', 'tensorflow', '']) {
    expect(isEngineName(name)).toBe(false);
    expect(() => findEngine(name)).toThrow(UserError);
    expect(() => findEngine(name)).toThrow(`unknown engine "${name}"; there are ${engineNames.join(', ')}`);
  }
});

test('names are family:device, and stand once', () => {
  for (const name of engineNames) expect(name).toMatch(/^[a-z]+:[a-z-]+$/);
  expect(new Set(engineNames).size).toBe(engineNames.length);
});
