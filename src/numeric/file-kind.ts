/** What a file is, and what to do where something else was wanted. */
export interface FileKind {
  readonly what: string;
  readonly advice: string;
}

/** What stands at a place of the first bytes of a file, one a letter, and what that says of it. */
export type Signature<T> = readonly [offset: number, texts: readonly string[], says: T];

const unpack = { what: 'an archive', advice: 'unpack it' };

const others: readonly Signature<FileKind>[] = [
  [
    0,
    ['version https://git-lfs'],
    { what: 'a pointer of Git LFS', advice: 'fetch what it stands for with git lfs pull' },
  ],
  [0, ['PK\x03\x04', '\x1f\x8b', '7z\xbc\xaf', 'Rar!'], unpack],
  [257, ['ustar'], unpack],
  [0, ['%PDF'], { what: 'a PDF', advice: 'choose another file' }],
  [0, ['\x93NUMPY'], { what: 'a NumPy array', advice: 'choose another file' }],
];

/** What the first signature that is there says. */
export const signed = <T>(start: string, signatures: readonly Signature<T>[]): T | undefined =>
  signatures.find(([offset, texts]) => texts.some((text) => start.startsWith(text, offset)))?.[2];

function textKind(start: string): FileKind | undefined {
  if (/^\s*<(!doctype html|html)/i.test(start)) return { what: 'a web page', advice: 'its download failed, try again' };
  if (/^\s*(<[?!\w]|[{[])/.test(start))
    return { what: 'text (XML or JSON)', advice: 'if it was downloaded, try again' };
  const isText = /^[\s\x20-\x7e\x80-\xff]+$/.test(start) && /[a-z]{2}/i.test(start);
  return isText ? { what: 'text', advice: 'choose another file' } : undefined;
}

/** What a file is that is neither a picture nor a model, by its first bytes, one a letter; undefined where that cannot be told. */
export function foreignKind(start: string): FileKind | undefined {
  if (start === '') return { what: 'empty', advice: 'copy or download it again' };
  return signed(start, others) ?? textKind(start);
}
