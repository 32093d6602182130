import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { namesOf } from '../../reports/tables/content.ts';
import { readApopConfig, kindOfConfig } from '../../src/apop/config.ts';
import { readConfig } from '../../src/experiment/config.ts';
import { readPaperRun } from '../../src/paper/record.ts';
import { configFolder, readSections } from '../../src/paper/sections.ts';
import { pageOf } from '../../src/paper/write.ts';

const page = 'docs/reproduction.md';

test('docs/reproduction.md says what its results say', async () => {
  expect(await pageOf(page, false), 'run npm run paper').toBe(await readFile(page, 'utf8'));
});

test('every section has a config and a twin that is ready to run, and its claims name what the twin measures', async () => {
  for (const { run, claims } of await readSections()) {
    const twin = join(configFolder, `${run}-scenes.yaml`);
    expect(await kindOfConfig(join(configFolder, `${run}.yaml`))).toBe(await kindOfConfig(twin));
    await ((await kindOfConfig(twin)) === 'apop' ? readApopConfig(twin) : readConfig(twin));
    const { cells } = await readPaperRun(join('docs/reproduction', run));
    const names = namesOf(cells);
    for (const claim of claims) {
      expect(names.metrics, claim.claim).toEqual(expect.arrayContaining(claim.metrics));
      const rows = claim.kind === 'above' ? [...claim.rows, ...claim.than] : [claim.explainer];
      const left = claim.kind === 'ahead' ? claim.except : [];
      expect(names.explainers, claim.claim).toEqual(expect.arrayContaining([...rows, ...left]));
    }
  }
});
