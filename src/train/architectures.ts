import { UserError } from '../numeric/errors.ts';
import type { Architecture } from './architecture.ts';
import { resnet } from './resnet.ts';
import { vgg } from './vgg.ts';
import { vit } from './vit.ts';

/** The nets that the zoo is made of. */
export const architectures: readonly Architecture[] = [vgg, resnet, vit];

/** Finds an architecture by name. Throws `UserError` listing them for an unknown name. */
export function findArchitecture(name: string): Architecture {
  const found = architectures.find((a) => a.name === name);
  if (!found)
    throw new UserError(`no net "${name}" to train; there are ${architectures.map((a) => a.name).join(', ')}`);
  return found;
}
