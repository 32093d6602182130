import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../numeric/errors.ts';
import { builtIn, kindOf, singular, type Definition, type Definitions } from './definitions.ts';
import { packageRoot } from './package.ts';

/** Definitions with, for those of plug-ins, the SHA-256 of the file they come from. */
export interface Known {
  readonly definitions: Definitions;
  readonly origins: ReadonlyMap<Definition, string>;
}

/** A plug-in as the config writes it, its absolute path, and its place for messages. */
export interface PluginFile {
  readonly file: string;
  readonly place: string;
}

const running = /\.ts$/.test(import.meta.url) ? 'ts' : 'js';
let prepared: Promise<void> | undefined;

/** Lets plug-ins be TypeScript, and makes their `xai-gauntlet` the copy that is running. */
async function prepareImports(): Promise<void> {
  // From sources a TypeScript loader is at work already.
  if (running === 'js') (await import('tsx/esm/api')).register();
  const self = new URL(`../index.${running}`, import.meta.url).href;
  const own = running === 'js' ? new URL('../../', import.meta.url).href : undefined;
  register(pathToFileURL(join(packageRoot, 'bin', 'plugin-hooks.mjs')), { data: { self, own } });
}

async function importPlugin({ file, place }: PluginFile): Promise<{ values: unknown[]; hash: string }> {
  const text = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${place}: cannot read the plug-in ${file} (${error.code})`);
  });
  await (prepared ??= prepareImports());
  try {
    const exported = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
    return { values: [...new Set(Object.values(exported))], hash: createHash('sha256').update(text).digest('hex') };
  } catch (error) {
    const reason = (error as Error).message.replace(/\s*\n\s*/g, ' ');
    throw new UserError(`${place}: the plug-in ${file} cannot be loaded: ${reason}`, { cause: error });
  }
}

/** The built-in definitions and those that plug-ins export. Throws `UserError` for a plug-in without any, or with a name already taken. */
export async function loadPlugins(plugins: readonly PluginFile[]): Promise<Known> {
  const definitions: Record<string, Definition[]> = Object.fromEntries(
    Object.entries(builtIn).map(([kind, list]) => [kind, [...list]]),
  );
  const origins = new Map<Definition, string>();
  for (const plugin of plugins) {
    const { values, hash } = await importPlugin(plugin);
    const found = values.flatMap((value) => {
      const kind = kindOf(value);
      return kind ? [{ kind, definition: value as Definition }] : [];
    });
    if (found.length === 0)
      throw new UserError(
        `${plugin.place}: the plug-in ${plugin.file} exports nothing made by defineExplainer, defineAttack, defineMetric or defineDataset`,
      );
    for (const { kind, definition } of found) {
      if (definitions[kind].some(({ name }) => name === definition.name))
        throw new UserError(
          `${plugin.place}: there is a ${singular[kind]} "${definition.name}" already; give that of the plug-in another name`,
        );
      definitions[kind].push(definition);
      origins.set(definition, hash);
    }
  }
  return { definitions: definitions as unknown as Definitions, origins };
}
