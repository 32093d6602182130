import { open } from 'node:fs/promises';

/** What stands at a place of the first bytes of a file, and what that says of it. */
type Signature = readonly [offset: number, texts: readonly string[], advice: string];

const others: readonly Signature[] = [
  [0, ['version https://git-lfs'], 'is a pointer of Git LFS and not the picture; fetch that with git lfs pull'],
  [0, ['PK\x03\x04', '\x1f\x8b', '7z\xbc\xaf', 'Rar!'], 'is an archive and no picture; unpack it'],
  [257, ['ustar'], 'is an archive and no picture; unpack it'],
  [0, ['%PDF'], 'is a PDF and no picture; draw its page into a PNG'],
  [0, ['\x93NUMPY'], 'is a NumPy array and no picture; save it as PNG'],
  [4, ['ftyphei', 'ftyphev', 'ftypmif1', 'ftypmsf1'], 'is HEIC, which cannot be decoded; convert it to JPEG or PNG'],
  [0, ['BM'], 'is a BMP, which cannot be decoded; convert it to PNG'],
  [0, ['\xff\x0a'], 'is JPEG XL, which cannot be decoded; convert it to JPEG or PNG'],
  [4, ['JXL '], 'is JPEG XL, which cannot be decoded; convert it to JPEG or PNG'],
  [4, ['jP  '], 'is JPEG 2000, which cannot be decoded; convert it to JPEG or PNG'],
];

/** Likewise, of pictures that are read where they are whole. */
const pictures: readonly Signature[] = [
  [0, ['\xff\xd8\xff'], 'a JPEG'],
  [0, ['\x89PNG'], 'a PNG'],
  [8, ['WEBP'], 'a WebP'],
  [0, ['II*\0', 'MM\0*'], 'a TIFF'],
  [0, ['GIF8'], 'a GIF'],
  [4, ['ftypavif', 'ftypavis'], 'an AVIF'],
];

const signed = (start: string, signatures: readonly Signature[]): string | undefined =>
  signatures.find(([offset, texts]) => texts.some((text) => start.startsWith(text, offset)))?.[2];

const absences: Readonly<Record<string, string>> = {
  ENOENT: 'is not there; correct its name, or put it there',
  ENOTDIR: 'is not there; correct its name, or put it there',
  EISDIR: 'is a folder and no picture',
  EACCES: 'may not be read; change its permissions',
};

/** What a text is; undefined for bytes that are none. */
function textKind(start: string): string | undefined {
  if (/^\s*<(!doctype html|html)/i.test(start)) return 'is a web page and no picture; its download failed, try again';
  if (/^\s*(<[?!\w]|[{[])/.test(start)) return 'is text (XML or JSON) and no picture; if it was downloaded, try again';
  return /^[\s\x20-\x7e\x80-\xff]+$/.test(start) ? 'is text and no picture; give a JPEG, PNG or WebP file' : undefined;
}

/** The first bytes, one a letter. */
async function startOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Why a file could not be decoded, by what it really seems to be, and what to do about it; `reason` is what the decoder says. */
export async function whyUnreadable(file: string, reason: string): Promise<string> {
  let start: string;
  try {
    start = await startOf(file);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return absences[code] ?? `cannot be read (${code})`;
  }
  if (start === '') return 'is empty; copy or download it again';
  const picture = signed(start, pictures);
  if (picture)
    return `is ${picture} that cannot be decoded (${reason}); if it is cut off or damaged, copy or download it again`;
  const known = signed(start, others) ?? textKind(start);
  if (known) return known;
  const bytes = Buffer.from(start.slice(0, 8), 'latin1')
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');
  return `is no kind of picture that is known (it starts with the bytes ${bytes}); give a JPEG, PNG or WebP file`;
}
