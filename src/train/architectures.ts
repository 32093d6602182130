import { UserError } from '../numeric/errors.ts';
import { activations, type Activation } from './activation.ts';
import type { Architecture } from './architecture.ts';
import type { Family } from './family.ts';
import { resnet } from './resnet.ts';
import { vgg } from './vgg.ts';
import { vit } from './vit.ts';

const families: readonly Family[] = [vgg, resnet];
const activationNames = Object.keys(activations) as Activation[];

/** The name of a net with another depth or activation, as in `scenes-vgg-13-gelu`; what is usual in its family is left out. */
export function variantName(net: string, depth?: number, activation?: string): string {
  const { usualDepth } = families.find(({ name }) => name === net) ?? {};
  return [net, depth !== usualDepth && depth, activation !== 'relu' && activation].filter(Boolean).join('-');
}

const variants = ({ name, depths, net }: Family): Architecture[] =>
  depths.flatMap((depth) =>
    activationNames.map((activation) => net(variantName(name, depth, activation), depth, activation)),
  );

/** The nets that can be trained: `scenes-vgg` and `scenes-resnet`, each in several depths and with several activations, and `scenes-vit`. */
export const architectures: readonly Architecture[] = [...families.flatMap(variants), vit];

/** Finds an architecture by name. Throws `UserError` telling which there are for an unknown name. */
export function findArchitecture(name: string): Architecture {
  const found = architectures.find((a) => a.name === name);
  if (found) return found;
  const layouts = families.map((family) => `${family.name} of depth ${family.depths.join(', ')}`).join('; ');
  throw new UserError(
    `no net "${name}" to train; there are ${layouts}, each with ${activationNames.join(', ')}; and ${vit.name}`,
  );
}
