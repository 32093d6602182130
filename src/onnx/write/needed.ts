import type { NodeProto, TensorProto } from '../proto.ts';

/** The names that a node reads, in its subgraphs too. */
const reads = ({ input, attribute = [] }: NodeProto): string[] => [
  ...input,
  ...attribute.flatMap(({ g }) => g?.node.flatMap(reads) ?? []),
];

/** The nodes and constants that outputs depend on: a lowering may find another way than by the values that it was given. */
export function needed(
  outputs: readonly string[],
  { nodes, initializers }: { readonly nodes: readonly NodeProto[]; readonly initializers: readonly TensorProto[] },
): { node: NodeProto[]; initializer: TensorProto[] } {
  const wanted = new Set(outputs);
  const node = nodes.toReversed().filter((n) => {
    const kept = n.output.some((name) => wanted.has(name));
    if (kept) for (const name of reads(n)) wanted.add(name);
    return kept;
  });
  return { node: node.reverse(), initializer: initializers.filter(({ name }) => wanted.has(name!)) };
}
