import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { constant, dense, input, mul, reduceMean, softmax, type Node } from '../../src/graph/index.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { temporaryFolder } from '../data/open.ts';
import { build, step, weights } from '../onnx/build.ts';
import { cli } from './in-process.ts';

const pixels = input('picture', ['N', 3, 8, 8]);
const colour = reduceMean(pixels, [2, 3]);

/** Ten classes: how near the mean colour, as the net gets it, is to each of ten colours. */
function nearest(colours: readonly (readonly number[])[]): Node {
  const weight = Float32Array.from({ length: 3 * colours.length }, (_, i) => {
    const [channel, k] = [Math.floor(i / colours.length), i % colours.length];
    return 2 * colours[k][channel];
  });
  const bias = Float32Array.from(colours, (c) => -c.reduce((sum, v) => sum + v * v, 0));
  return mul(dense(colour, constant(weight, [3, colours.length]), constant(bias, [colours.length])), 20);
}

// Rather red ones, of several brightnesses.
const painted = Array.from({ length: 10 }, (_, k) => [0.1 + 0.09 * k, 0.05 + 0.08 * k, 0.04 * k]);
const imagenet = (c: readonly number[]) => c.map((v, i) => (v - [0.485, 0.456, 0.406][i]) / [0.229, 0.224, 0.225][i]);

/** A net for these colours as `prepare` changes them, and a folder of pictures of them. */
async function made(prepare: (c: readonly number[]) => readonly number[], ends: (logits: Node) => Node = (y) => y) {
  const folder = await temporaryFolder();
  const file = join(folder, 'net.onnx');
  await writeFile(file, writeModel({ scores: ends(nearest(painted.map(prepare))) }));
  const data = join(folder, 'pictures');
  await mkdir(data);
  for (const [k, [r, g, b]] of painted.entries()) {
    const background = { r: Math.round(255 * r), g: Math.round(255 * g), b: Math.round(255 * b) };
    await sharp({ create: { width: 8, height: 8, channels: 3, background } }).toFile(join(data, `${k}.png`));
  }
  await writeFile(join(data, 'labels.csv'), `file,label\n${painted.map((_, k) => `${k}.png,${k}\n`).join('')}`);
  return { file, data, folder };
}

describe('import', () => {
  test('finds the preprocessing of a net and prints its entry', async () => {
    const { file, data } = await made(imagenet, softmax);
    const { code, stdout, stderr } = await cli('import', file, '--data', data);
    expect(stderr).toMatch(/ok\s+input\s+'picture' \[N,3,8,8\] float32/);
    expect(stderr).toMatch(/note\s+end\s+the softmax .* is left out/);
    expect(stderr).toMatch(/ok\s+numbers\s+differ by [0-9.e+-]+ of/);
    expect(stderr).toMatch(/ok\s+accuracy\s+imagenet: 10 of 10 right/);
    expect(parse(stdout)).toEqual({ models: [{ file, preprocessing: 'imagenet' }] });
    expect(code).toBe(0);
  });

  test('says that another preprocessing fits better', async () => {
    const { file, data } = await made((c) => c.map((v) => 255 * v));
    const { code, stderr } = await cli('import', file, '--data', data, '--preset', 'imagenet');
    expect(stderr).toMatch(/OFF\s+preprocessing\s+"pixels in \[0,255\]" does better than "imagenet"/);
    expect(code).toBe(2);
  });

  test('tells a net that wants blue first', async () => {
    const { file, data } = await made((c) => [...imagenet(c)].reverse());
    const { code, stderr } = await cli('import', file, '--data', data);
    expect(stderr).toMatch(/OFF\s+channels\s+the net does better with blue, green, red/);
    expect(code).toBe(2);
  });

  test('tells labels that are numbered otherwise', async () => {
    const { file, data } = await made(imagenet);
    await writeFile(
      join(data, 'labels.csv'),
      `file,label\n${painted.map((_, k) => `${k}.png,${(k + 5) % 10}\n`).join('')}`,
    );
    const { code, stderr } = await cli('import', file, '--data', data);
    expect(stderr).toMatch(/OFF\s+labels\s+no preprocessing finds more labels than chance \(1 of 10\)/);
    expect(code).toBe(2);
  });

  test('says what is off with files, labels and folders', async () => {
    const { file, data, folder } = await made(imagenet);
    const off = async (message: RegExp, ...args: string[]) => {
      const { code, stderr } = await cli('import', ...args);
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    };
    await off(/OFF\s+reading\s+cannot read the model .*there is no such file/, join(folder, 'other.onnx'));
    await off(/OFF\s+reading\s+.*is no ONNX model/, join(data, '0.png'));
    const labels = join(folder, 'names.csv');
    await writeFile(labels, 'label,name\n0,a\n1,b\n');
    await off(/has 10 classes, but 2 labels were given/, file, '--labels', labels);
    await off(/OFF\s+data\s+.*no such folder/, file, '--data', join(folder, 'none'));
    await writeFile(join(data, 'labels.csv'), 'file,label\n0.png,10\n');
    await off(/0\.png has the label 10, but the model has 10 classes/, file, '--data', data);
    await off(/--size: expected height and width/, file, '--size', '8', '8', '8');
    await off(/wants pictures of 8x8 and not 9x8: leave the size out/, file, '--size', '9', '8');
  });

  test('names what it cannot read, and what stays open', async () => {
    const file = join(await temporaryFolder(), 'net.onnx');
    const told = async (sketch: Parameters<typeof build>[0], ...args: string[]) => {
      await writeFile(file, build(sketch));
      return cli('import', file, ...args);
    };
    const shape = [1, 3, 4, 4];
    const odd = await told({ steps: [step('Det', ['x'], {}, 'd'), step('Hardmax', ['d'])], shape, opset: 11 });
    expect(odd).toMatchObject({ code: 2, stdout: '' });
    expect(odd.stderr).toMatch(
      /opset 11, written by unknown[^]*note\s+batch\s+made for 1 at a time[^]*not supported:\s+Det/,
    );

    const pooled = [step('Conv', ['x', weights([5, 3, 3, 3])], {}, 'c'), step('GlobalAveragePool', ['c'])];
    const open = await told({ steps: pooled, shape: ['n', 3, 'h', 'w'] });
    expect(open.stderr).toMatch(/'x' \[n,3,h,w\] float32[^]*leaves the picture's size open/);
    const sized = await told({ steps: pooled, shape: ['n', 3, 'h', 'w'] }, '--size', '6', '7');
    expect(sized).toMatchObject({ code: 0 });
    expect(parse(sized.stdout)).toEqual({ models: [{ file, preprocessing: 'imagenet', size: [6, 7] }] });
  });
});
