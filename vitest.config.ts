import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As for plug-ins: the copy that is here.
  resolve: { alias: { 'xai-gauntlet': fileURLToPath(new URL('src/index.ts', import.meta.url)) } },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Native engines keep threads of their own: processes are torn down more cleanly than threads.
    pool: 'forks',
    maxWorkers: 2,
  },
});
