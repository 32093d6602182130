import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Native engines keep threads of their own: processes are torn down more cleanly than threads.
    pool: 'forks',
    maxWorkers: 2,
  },
});
