import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const flags = '-O3 --enable simd --runtime stub --noAssert --initialMemory 1 --disableWarning 112'.split(' ');

/** The module `bytes.ts`: the kernel, compiled to WebAssembly. Throws what the compiler has against it. */
export async function compile(): Promise<string> {
  let bytes = new Uint8Array();
  const folder = fileURLToPath(new URL('kernel', import.meta.url));
  const { error, stderr } = await asc.main(['index.ts', '--baseDir', folder, '--outFile', 'kernel.wasm', ...flags], {
    writeFile: (_, contents) => void (bytes = contents as Uint8Array<ArrayBuffer>),
  });
  if (error) throw new Error(stderr.toString(), { cause: error });
  const base64 = Buffer.from(bytes).toString('base64');
  return `/** The kernel in WebAssembly, base64; \`npm run kernel\` makes it of its source. */\nexport const bytes =\n  '${base64}';\n`;
}

const file = fileURLToPath(new URL('bytes.ts', import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(file, await compile());
