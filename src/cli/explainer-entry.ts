import { resolve } from 'node:path';
import { parse } from 'yaml';
import { readEntry } from '../experiment/config/entries.ts';
import { loadPlugins } from '../experiment/plugins.ts';
import { UserError } from '../numeric/errors.ts';

interface ExplainerArguments {
  readonly explainer: string;
  readonly option: readonly string[];
  readonly plugin: readonly string[];
  readonly layer?: string;
  readonly position?: string;
}

/** The explainer with its options, as a config would give it. */
export async function explainerEntry({ explainer, option, plugin, layer, position }: ExplainerArguments) {
  const known = await loadPlugins(plugin.map((file) => ({ file: resolve(file), place: '--plugin' })));
  const pairs = option.map((text): [string, unknown] => {
    const split = text.indexOf('=');
    if (split < 1) throw new UserError(`--option ${text}: expected key=value`);
    return [text.slice(0, split), parse(text.slice(split + 1))];
  });
  const flags = new Map<string, unknown>();
  if (layer !== undefined) flags.set('layer', layer);
  if (position !== undefined) {
    if (!/^\d+,\d+$/.test(position)) throw new UserError(`--position ${position}: expected row,column such as 7,5`);
    flags.set('position', position.split(',').map(Number));
  }
  const placeOfKey = (key: PropertyKey | undefined) =>
    key === 'use' ? '--explainer' : flags.has(String(key)) ? `--${String(key)}` : '--option';
  const source = {
    file: '--option',
    value: { use: explainer, ...Object.fromEntries([...pairs, ...flags]) },
    at: (path: readonly PropertyKey[]) => placeOfKey(path[0]),
    atKey: (_: unknown, key: string) => placeOfKey(key),
  };
  return readEntry('explainers', source.value, { source, path: [] }, known);
}
