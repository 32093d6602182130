import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileName, uniqueFileNames } from '../../reports/file-names.ts';

describe('fileName', () => {
  it.each([
    ['ssim:before-after', 'ssim-before-after'],
    ['n01440764/img 1.JPEG', 'n01440764-img-1.JPEG'],
    ['../../etc/passwd', 'etc-passwd'],
    ['é€', 'e'],
    ['…', 'unnamed'],
    ['', 'unnamed'],
  ])('%j -> %j', (text, name) => {
    expect(fileName(text)).toBe(name);
  });

  it('is safe for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fileName(text)).toMatch(/^(?=.{1,120}$)[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$/);
      }),
    );
  });
});

describe('uniqueFileNames', () => {
  it('numbers repeated names, also those that differ in letter case alone', () => {
    const unique = uniqueFileNames();
    expect(['a/b', 'a:b', 'A-B', 'c'].map(unique)).toEqual(['a-b', 'a-b-2', 'A-B-3', 'c']);
  });
});
