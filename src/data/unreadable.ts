import { open } from 'node:fs/promises';
import { foreignKind, signed, type Signature } from '../numeric/file-kind.ts';

/** Pictures that cannot be decoded. */
const undecoded: readonly Signature<string>[] = [
  [4, ['ftyphei', 'ftyphev', 'ftypmif1', 'ftypmsf1'], 'HEIC'],
  [0, ['BM'], 'a BMP'],
  [0, ['\xff\x0a'], 'JPEG XL'],
  [4, ['JXL '], 'JPEG XL'],
  [4, ['jP  '], 'JPEG 2000'],
];

/** Pictures that are read where they are whole. */
const decoded: readonly Signature<string>[] = [
  [0, ['\xff\xd8\xff'], 'a JPEG'],
  [0, ['\x89PNG'], 'a PNG'],
  [8, ['WEBP'], 'a WebP'],
  [0, ['II*\0', 'MM\0*'], 'a TIFF'],
  [0, ['GIF8'], 'a GIF'],
  [4, ['ftypavif', 'ftypavis'], 'an AVIF'],
];

const absences: Readonly<Record<string, string>> = {
  ENOENT: 'is not there; correct its name, or put it there',
  ENOTDIR: 'is not there; correct its name, or put it there',
  EISDIR: 'is a folder and no picture',
  EACCES: 'may not be read; change its permissions',
};

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
  const whole = signed(start, decoded);
  if (whole)
    return `is ${whole} that cannot be decoded (${reason}); if it is cut off or damaged, copy or download it again`;
  const other = signed(start, undecoded);
  if (other) return `is ${other}, which cannot be decoded; convert it to JPEG or PNG`;
  const foreign = foreignKind(start);
  if (foreign) return `is ${foreign.what} and no picture; ${foreign.advice}`;
  const bytes = Buffer.from(start.slice(0, 8), 'latin1')
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');
  return `is no kind of picture that is known (it starts with the bytes ${bytes}); give a JPEG, PNG or WebP file`;
}
