import type { Item, OptionInfo } from '../experiment/catalogue.ts';
import { defineCommand, print } from './command.ts';

const kinds = ['explainers', 'attacks', 'metrics', 'datasets', 'zoo'] as const;

/** `list`: what a config may name. */
export const list = defineCommand({
  builder: (yargs) =>
    yargs
      .positional('kind', { choices: kinds, describe: 'what to list; everything by default' })
      .option('json', { type: 'boolean', default: false, describe: 'as JSON' }),
  async handler({ kind, json }) {
    const { catalogue } = await import('../experiment/catalogue.ts');
    const chosen = kind ? [kind] : kinds;
    const items = await Promise.all(chosen.map(async (name) => [name, await catalogue[name]()] as const));
    if (json) print(JSON.stringify(kind ? items[0][1] : Object.fromEntries(items), null, 2));
    else print(items.map(([name, list]) => `${name}\n${text(list)}`).join('\n\n'));
  },
});

function text(items: readonly Item[]): string {
  if (items.length === 0) return '  (none)';
  const width = Math.max(...items.map(({ name }) => name.length));
  return items
    .flatMap(({ name, title, paper, options }) => [
      `  ${name.padEnd(width)}  ${title}${paper ? `  [${String(paper)}]` : ''}`,
      ...(options.length > 0 ? [`  ${' '.repeat(width)}    ${options.map(optionText).join(', ')}`] : []),
    ])
    .join('\n');
}

function optionText({ name, required, default: preset, schema }: OptionInfo): string {
  const values = Array.isArray(schema.enum) ? `: ${schema.enum.join(' | ')}` : '';
  const rounded = typeof preset === 'number' ? Number(preset.toPrecision(4)) : preset;
  const given = preset !== undefined ? ` = ${typeof rounded === 'string' ? rounded : JSON.stringify(rounded)}` : '';
  return `${name}${values}${given}${required ? ' (required)' : ''}`;
}
