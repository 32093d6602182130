import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, vi } from 'vitest';
import { readMask } from '../../src/data/image.ts';
import { segmentedSynsets, synsets } from '../../src/data/imagenet/classes.ts';
import { readTable } from '../../src/data/table.ts';
import { configFolder } from '../../src/paper/sections.ts';
import { cli } from '../cli/in-process.ts';
import { testOn } from '../data/shared-data.ts';
import { temporaryFolder } from '../experiment/tiny.ts';

/** Crops of COCO whose object has a class of ImageNet-S50, in the published layout: masks hold the class's id as R + 256 G. */
async function smallImageNetS50(crops: string, root: string, count: number): Promise<void> {
  const ids = segmentedSynsets(50);
  const rows = await readTable(join(crops, 'labels.csv'), ['file', 'label', 'mask']);
  const kept = rows.map(({ cells }) => cells).filter(({ label }) => ids.includes(synsets[Number(label)]));
  expect(kept).toHaveLength(12);
  for (const [i, { file, label, mask: png }] of kept.slice(0, count).entries()) {
    const synset = synsets[Number(label)];
    const place = (split: string) => join(root, 'ImageNetS50', split, synset);
    for (const split of ['validation', 'validation-segmentation']) await mkdir(place(split), { recursive: true });
    await copyFile(join(crops, file), join(place('validation'), `${i}.JPEG`));
    const { mask, size } = await readMask(join(crops, png));
    const bytes = Buffer.alloc(3 * mask.length);
    mask.forEach((on, p) => (bytes[3 * p] = on ? ids.indexOf(synset) + 1 : 0));
    await sharp(bytes, { raw: { width: size[1], height: size[0], channels: 3 } })
      .png()
      .toFile(join(place('validation-segmentation'), `${i}.png`));
  }
}

testOn(
  '.',
  "table (b) on ImageNet-S50's layout and SqueezeNet, with published values where they are typed in",
  async (data) => {
    const folder = await temporaryFolder();
    await smallImageNetS50(join(data, 'coco-masks'), folder, 2);
    await mkdir(join(folder, 'models'));
    await copyFile(join(data, 'models/squeezenet1_1.onnx'), join(folder, 'models/squeezenet.onnx'));
    await copyFile(join(configFolder, 'quality.yaml'), join(folder, 'quality.yaml'));
    const config = join(folder, 'squeezenet.yaml');
    await writeFile(
      config,
      [
        'extends: quality.yaml',
        'name: squeezenet',
        "models: [{ file: '${XAI_DATA}/models/squeezenet.onnx', preprocessing: imagenet, name: squeezenet }]",
        'heatmaps: 0',
        '',
      ].join('\n'),
    );
    vi.stubEnv('XAI_DATA', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await cli('experiment', '--config', config, '--plan')).stdout).toMatch(/score-cam +2\n/);

    // Two explainers are enough to see a table; all of them take minutes here.
    const text =
      (await readFile(config, 'utf8')) + 'explainers: [srd-apop, grad-cam]\nmetrics: [pointing-game, sparseness]\n';
    const layout = [
      'tables:',
      '  - name: quality',
      '    columns: [pointing-game, sparseness]',
      '    published: { source: Table 2, values: { squeezenet: { srd-apop: [0.25, null] } } }',
    ];
    await writeFile(config, `${text}${layout.join('\n')}\n`);
    const out = join(folder, 'out');
    const { code, stderr } = await cli('experiment', '--config', config, '--out', out, '--quiet', '--workers', '1');
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^4 units \(4 computed/)]);
    const table = await readFile(join(out, 'tables/quality.md'), 'utf8');
    expect(table).toContain('Means over 2 samples');
    expect(table).toMatch(/^\| srd-apop +\|.*\| +0\.250 \([+−]0\.\d+\) \|.*\| +not known \|$/m);
    expect(table).toMatch(/^\| grad-cam +\|.*\| +not known \|.*\| +not known \|$/m);
  },
);
