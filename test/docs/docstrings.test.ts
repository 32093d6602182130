import ts from 'typescript';
import { expect, test } from 'vitest';

const { config } = ts.readConfigFile('tsconfig.json', (file) => ts.sys.readFile(file)) as { config: object };
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
const program = ts.createProgram(['src/index.ts'], options);
const checker = program.getTypeChecker();

/** The exported names of a module with what they stand for; those of a namespace are `graph.conv`. Packages of others are left out. */
function exportsOf(module: ts.Symbol, prefix = ''): [name: string, symbol: ts.Symbol][] {
  return checker.getExportsOfModule(module).flatMap((exported): [string, ts.Symbol][] => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const [declaration] = symbol.declarations ?? [];
    if (!declaration || declaration.getSourceFile().fileName.includes('node_modules')) return [];
    const name = `${prefix}${exported.name}`;
    return ts.isSourceFile(declaration) ? exportsOf(symbol, `${name}.`) : [[name, symbol]];
  });
}

test('every exported name has a docstring that says something in a sentence', () => {
  const index = checker.getSymbolAtLocation(program.getSourceFile('src/index.ts')!)!;
  const all = exportsOf(index);
  const names = all.map(([name]) => name);
  expect(names).toEqual(expect.arrayContaining(['defineExplainer', 'runExperiment', 'graph.grad', 'Model']));
  const lacking = all.filter(([, symbol]) => {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(checker));
    return !/\w.*[.:](\s|$)/.test(text);
  });
  expect(lacking.map(([name]) => name)).toEqual([]);
});
