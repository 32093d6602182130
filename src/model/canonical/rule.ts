import type { Node } from '../../graph/index.ts';

/** Whether only one node uses this one, so that folding it into its user leaves nothing computed twice. */
export type Sole = (node: Node) => boolean;

/** One simplification: the node's replacement, or undefined where it does not apply. The node's inputs are simplified already. */
export type Rule = (node: Node, sole: Sole) => Node | undefined;
