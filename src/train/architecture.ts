import type { Node } from '../graph/index.ts';

/** The layers that hold weights, as an architecture asks for them; what they are made of differs in training and in the finished net. */
export interface Layers {
  /** A convolution with zero padding and batch normalisation: `[N,C,H,W]` -> `[N,channels,H/stride,W/stride]`. */
  convNorm(name: string, x: Node, channels: number, kernel: number, stride?: number): Node;
  /** A linear layer with bias: `[N,I]` -> `[N,features]`. */
  dense(name: string, x: Node, features: number): Node;
}

/** A net of the zoo: its layout, without weights. */
export interface Architecture {
  readonly name: string;
  readonly title: string;
  /** Preprocessed pictures `[N,3,64,64]` -> logits `[N,classes]`. */
  logits(pixels: Node, layers: Layers, classes: number): Node;
}
