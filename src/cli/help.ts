import type { Entry } from './commands.ts';

/** Breaks a text between words into lines of at most so many characters, where its words are no longer. */
function lines(text: string, width: number): string[] {
  const done: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      done.push(line);
      line = word;
    } else line += line === '' ? word : ` ${word}`;
  }
  return [...done, line];
}

/** What `--help` says of the package as a whole, for a terminal so many characters wide. The parser is not asked: loading it takes longer than all else. */
export function helpText(commands: readonly Entry[], width: number): string {
  const column = 2 + Math.max(...commands.map(({ usage }) => usage.length)) + 2;
  const described = ({ usage, describe }: Entry) => {
    const [first, ...more] = lines(describe, Math.max(width - column, 30));
    return [`  ${usage}`.padEnd(column) + first, ...more.map((line) => ' '.repeat(column) + line)];
  };
  return [
    'xai-gauntlet <command>',
    '',
    'Puts explanation methods for image classifiers under attack and measures what survives.',
    '',
    'Commands:',
    ...commands.flatMap(described),
    '',
    'xai-gauntlet <command> --help says what its options are; xai-gauntlet --version, which version this is.',
  ].join('\n');
}
