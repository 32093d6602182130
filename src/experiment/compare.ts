import { resolve } from 'node:path';
import { UserError } from '../numeric/errors.ts';
import { parseConfig, type Config, type ExplainerEntry, type Recipe } from './config.ts';
import { readEntry } from './config/entries.ts';
import { loadPlugins, type PluginFile } from './plugins.ts';

const isFile = (text: string) => /[/\\]|\.[cm]?[jt]s(#|$)/.test(text);

/**
 * The explainer that `text` names: that of the config under this name, with its options; a built-in one, or one of the config's plug-ins, with its
 * defaults; or the one of a plug-in `file.ts`, `file.ts#name` where it defines several. `flag` stands in messages.
 */
async function explainerOf(text: string, flag: string, config: Config): Promise<ExplainerEntry> {
  const written = config.explainers.find(({ name }) => name === text);
  if (written) return written;
  const { plugins = [] } = config.source.value as { plugins?: string[] };
  const own = plugins.map((file): PluginFile => ({ file: config.resolve(file), place: config.source.file }));
  if (!isFile(text)) return entryOf(text, flag, await loadPlugins(own));
  const [file, wanted] = text.split('#');
  const known = await loadPlugins([{ file: resolve(file), place: flag }]);
  const found = known.definitions.explainers.filter((definition) => known.origins.has(definition));
  const names = found.map(({ name }) => name);
  if (names.length === 0) {
    throw new UserError(`${flag}: ${file} defines no explainer; export one made by defineExplainer`);
  }
  if (wanted === undefined && names.length > 1)
    throw new UserError(
      `${flag}: ${file} defines several explainers; name one, as in ${file}#${names[0]} (${names.join(', ')})`,
    );
  if (wanted !== undefined && !names.includes(wanted))
    throw new UserError(`${flag}: ${file} defines no explainer "${wanted}" (there are: ${names.join(', ')})`);
  const name = wanted ?? names[0];
  const origin = known.origins.get(found.find((definition) => definition.name === name)!);
  // With the options that the config gives it, where it lists the same plug-in.
  return config.explainers.find((e) => e.name === name && e.origin === origin) ?? entryOf(name, flag, known);
}

function entryOf(name: string, flag: string, known: Awaited<ReturnType<typeof loadPlugins>>): ExplainerEntry {
  const source = { file: flag, value: name, at: () => flag, atKey: () => flag };
  return readEntry('explainers', name, { source, path: [] }, known);
}

/**
 * A config reduced to two explainers, for which all else stays: models, data, attacks, metrics and seed. Throws `UserError` for an explainer that
 * is not there, or for two that are the same.
 */
export async function comparisonConfig(config: Config, explainer: string, against: string): Promise<Config> {
  const first = await explainerOf(explainer, '--explainer', config);
  const second = await explainerOf(against, '--against', config);
  if (first.name === second.name)
    throw new UserError(`--against: both explainers are called "${first.name}"; results are told apart by these names`);
  const name = `compare-${first.name}-${second.name}-${config.name}`;
  const recipe: Recipe = { ...config.recipe, pair: [explainer, against] };
  return { ...config, name, explainers: [first, second], tables: undefined, recipe };
}

/** Reads a config again, as another process does. */
export async function readRecipe({ text, file, pair }: Recipe): Promise<Config> {
  const config = await parseConfig(text, file);
  return pair ? comparisonConfig(config, ...pair) : config;
}
