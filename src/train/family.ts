import type { Activation } from './activation.ts';
import type { Architecture } from './architecture.ts';

/** Nets of one layout that differ in depth and activation. */
export interface Family {
  /** The name of its net of usual depth with ReLU. */
  readonly name: string;
  /** Numbers of layers with weights, those of shortcuts not counted, as the papers count. */
  readonly depths: readonly number[];
  readonly usualDepth: number;
  net(name: string, depth: number, activation: Activation): Architecture;
}
