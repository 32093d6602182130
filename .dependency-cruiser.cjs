/** The arrows of the design: cli -> experiment -> {explainers, attacks, metrics, reports} -> {model, data} -> engine -> onnx -> graph -> numeric. */
const layers = [
  ['^src/numeric/'],
  ['^src/statistics/'],
  ['^src/graph/'],
  ['^src/onnx/'],
  ['^src/engine/'],
  ['^src/(model|data)/'],
  ['^(src/explainers|attacks|metrics|reports)/'],
  ['^src/(experiment|train|apop|fooling)/'],
  ['^src/paper/'],
  ['^src/index[.]ts$'],
  ['^src/cli/'],
];
const upward = layers.flatMap((from, i) => {
  const above = layers.slice(i + 1).flat();
  return above.length === 0
    ? []
    : [{ name: `no-upward-from-${i}`, severity: 'error', from: { path: from }, to: { path: above } }];
});
const siblings = ['src/explainers', 'attacks', 'metrics', 'reports'];
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...upward,
    { name: 'model-and-data-apart', severity: 'error', from: { path: '^src/data/' }, to: { path: '^src/model/' } },
    {
      name: 'experiment-not-train',
      severity: 'error',
      from: { path: '^src/experiment/' },
      to: { path: '^src/train/' },
    },
    {
      name: 'train-not-experiment',
      severity: 'error',
      from: { path: '^src/train/' },
      to: { path: '^src/experiment/' },
    },
    {
      name: 'reports-run-no-model',
      severity: 'error',
      from: { path: '^reports/' },
      to: { path: '^src/(engine|model|graph|onnx)/' },
    },
    {
      name: 'explainers-know-no-engine',
      severity: 'error',
      from: { path: '^src/explainers/' },
      to: { path: '^src/(engine|onnx)/' },
    },
    {
      name: 'metrics-know-no-engine',
      severity: 'error',
      from: { path: '^metrics/' },
      to: { path: '^src/(engine|onnx)/' },
    },
    ...siblings.flatMap((a) =>
      siblings
        .filter((b) => b !== a)
        .map((b) => ({ name: `${a}-not-${b}`, severity: 'error', from: { path: `^${a}/` }, to: { path: `^${b}/` } })),
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
