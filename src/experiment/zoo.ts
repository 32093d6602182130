import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadOptions, Preprocessing } from '../model/model.ts';
import { UserError } from '../numeric/errors.ts';
import { didYouMean } from './config/suggest.ts';
import { packageRoot } from './package.ts';

/** A net that comes with the package, as zoo/index.json describes it. */
export interface ZooNet {
  readonly file: string;
  readonly preprocessing: Preprocessing;
  readonly classes?: readonly string[];
  /** The share of 2,000 test scenes that it classifies rightly. */
  readonly accuracy?: number;
}

const folder = join(packageRoot, 'zoo');

/** The built-in nets by name; none where the package has no zoo/. */
export async function zooNets(): Promise<Readonly<Record<string, ZooNet>>> {
  try {
    return JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as Record<string, ZooNet>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** How to load a built-in net. Throws `UserError` naming those there are. */
export async function zooModel(name: string): Promise<LoadOptions> {
  const nets = await zooNets();
  const names = Object.keys(nets);
  if (!Object.hasOwn(nets, name))
    throw new UserError(
      `no net "${name}" in the zoo${didYouMean(name, names)} (there ${names.length ? `are: ${names.join(', ')}` : 'are none'})`,
    );
  const { file, preprocessing, classes } = nets[name];
  return { file: join(folder, file), preprocessing, labels: classes, name };
}
