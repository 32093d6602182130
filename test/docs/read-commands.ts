import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A command that the documentation tells its readers to type, with its place. */
export interface DocumentedCommand {
  readonly place: string;
  readonly text: string;
}

/** The pages of the documentation. */
export const pages = (): string[] => [
  'README.md',
  ...(readdirSync('docs', { recursive: true }) as string[])
    .filter((file) => file.endsWith('.md') && !file.startsWith('api'))
    .sort()
    .map((file) => join('docs', file)),
];

const spans = /`((?:npx|npm|xai-gauntlet) [^`]+)`/g;
const bracketed = /\[([^\]]*)\]/g;

/** The commands of one page: those of its `sh` blocks, and code in its text that begins as a command does. `[--optional]` parts are kept. */
export function commandsOf(page: string): DocumentedCommand[] {
  const found: DocumentedCommand[] = [];
  let language: string | undefined;
  let before: string | undefined;
  const add = (line: number, text: string) => {
    for (const part of text.replace(bracketed, '$1').split('&&')) {
      const plain = part.replace(/\s+#.*$/, '').trim();
      if (plain === '' || plain.startsWith('#')) continue;
      // "..." stands for what the last whole command says, but for options that this one gives itself.
      const whole = plain.includes(' ... ') && before ? continued(before, plain) : plain;
      if (whole === plain) before = whole;
      found.push({ place: `${page}:${line}`, text: whole });
    }
  };
  let open = '';
  readFileSync(page, 'utf8')
    .split('\n')
    .forEach((line, i) => {
      const fence = /^\s*```(\w*)/.exec(line);
      if (fence) {
        if (['bash', 'shell', 'console'].includes(fence[1])) throw new Error(`${page}:${i + 1}: call the block "sh"`);
        language = language === undefined ? fence[1] : undefined;
        before = undefined;
      } else if (language === 'sh') {
        if (line.endsWith('\\')) open += `${line.slice(0, -1)} `;
        else {
          add(i + 1, open + line);
          open = '';
        }
      } else if (language === undefined) for (const [, text] of line.matchAll(spans)) add(i + 1, text);
    });
  return found;
}

function continued(before: string, text: string): string {
  const [start, rest] = text.split(' ... ');
  const given = new Set(rest.split(' ').filter((word) => word.startsWith('--')));
  const options = before
    .slice(start.length)
    .trim()
    .split(/ (?=--)/);
  return [start, ...options.filter((option) => !given.has(option.split(' ')[0])), rest].join(' ');
}
