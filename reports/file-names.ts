/** A file name made of ASCII letters, digits, `.`, `_` and `-` only: `ssim:before-after` -> `ssim-before-after`. */
export function fileName(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+/, '')
    .slice(0, 120)
    .replace(/[-.]+$/, '');
  return plain === '' ? 'unnamed' : plain;
}

/** Gives file names of which no two are the same, letter case aside: a repeated one gets `-2`, `-3`, ... */
export function uniqueFileNames(): (text: string) => string {
  const taken = new Set<string>();
  return (text) => {
    const base = fileName(text);
    let name = base;
    for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${base}-${i}`;
    taken.add(name.toLowerCase());
    return name;
  };
}
