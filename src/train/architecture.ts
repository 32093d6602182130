import type { Node } from '../graph/index.ts';
import type { Recipe } from './recipe.ts';

/** The layers that hold weights, as an architecture asks for them; what they are made of differs in training and in the finished net. */
export interface Layers {
  /** A convolution with zero padding and batch normalisation: `[N,C,H,W]` -> `[N,channels,H/stride,W/stride]`. */
  convNorm(name: string, x: Node, channels: number, kernel: number, stride?: number): Node;
  /** A linear map of each patch of `size` x `size` pixels, with bias: `[N,C,H,W]` -> `[N,features,H/size,W/size]`. */
  patches(name: string, x: Node, features: number, size: number): Node;
  /** A linear layer with bias: `[...,I]` -> `[...,features]`. */
  dense(name: string, x: Node, features: number): Node;
  /** Mean 0 and deviation 1 over the last axis, then a learned scale and offset. */
  layerNorm(name: string, x: Node): Node;
  /** Learned values that do not depend on the picture. */
  learned(name: string, shape: readonly number[]): Node;
}

/** A net of the zoo: its layout, without weights. */
export interface Architecture {
  readonly name: string;
  readonly title: string;
  /** How it is trained; by default as convolutional nets are. */
  readonly recipe?: Recipe;
  /** Preprocessed pictures `[N,3,64,64]` -> logits `[N,classes]`. */
  logits(pixels: Node, layers: Layers, classes: number): Node;
}
