import { UserError } from '../../numeric/errors.ts';
import type { Path, Source } from './source.ts';

/** What each environment variable of a config should hold, in words. */
export type Expectations = Readonly<Record<string, string>>;

const pattern = /\$\{([A-Za-z_]\w*)\}/g;

/** The variables that the strings of a value mention. */
function variablesOf(value: unknown): string[] {
  return [...JSON.stringify(value ?? null).matchAll(pattern)].map(([, name]) => name);
}

/** A sentence on what the variables of a value should hold; empty where the config does not say. */
export function advice(value: unknown, expects: Expectations): string {
  return [...new Set(variablesOf(value))]
    .filter((name) => Object.hasOwn(expects, name))
    .map((name) => `\n${name} should be ${expects[name]}`)
    .join('');
}

/** Replaces `${NAME}` in all strings of a value. Throws `UserError` with the place and what to set for one that is not set. */
export function expand(
  value: unknown,
  place: { readonly source: Source; readonly path: Path },
  expects: Expectations,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): unknown {
  const { source, path } = place;
  if (typeof value === 'string')
    return value.replace(pattern, (_, name: string) => {
      const found = environment[name];
      if (found) return found;
      const wanted = Object.hasOwn(expects, name) ? ` to ${expects[name]}` : '';
      throw new UserError(`${source.at(path)}: the environment variable ${name} is not set; set ${name}${wanted}`);
    });
  const inner = (child: unknown, key: PropertyKey) =>
    expand(child, { source, path: [...path, key] }, expects, environment);
  if (Array.isArray(value)) return value.map(inner);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, inner(child, key)]));
  return value;
}
