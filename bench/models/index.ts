import type { Model } from '../../src/model/model.ts';
import { resnet50 } from './resnet50.ts';
import { squeezenet } from './squeezenet.ts';
import { vgg16 } from './vgg16.ts';

/** The nets of the bench by torchvision's names. Made anew at each call: VGG-16 is half a gigabyte. */
export const models: Readonly<Record<string, () => Model>> = { vgg16, resnet50, squeezenet1_1: squeezenet };
