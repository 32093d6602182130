import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { UserError } from '../../numeric/errors.ts';

/** Keys and indices from the top of a config to one of its values. */
export type Path = readonly PropertyKey[];

/** A config file as written, with the place of everything in it. */
export interface Source {
  readonly file: string;
  readonly value: unknown;
  /** `file:line:column` of the value at a path, or of the nearest one around it where there is none. */
  at(path: Path): string;
  /** `file:line:column` of a key of the mapping at a path. */
  atKey(path: Path, key: string): string;
}

function child(document: Document, parent: Node, key: PropertyKey): Node | undefined {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  return isMap(node) || isSeq(node) ? (node.get(key, true) as Node | undefined) : undefined;
}

function find(document: Document, path: Path): Node | null {
  let node = document.contents as Node | null;
  for (const key of path) {
    const next = node && child(document, node, key);
    if (!next) break;
    node = next;
  }
  return node;
}

function keyNode(document: Document, path: Path, key: string): Node | null {
  const found = find(document, path);
  const node = found && isAlias(found) ? found.resolve(document) : found;
  const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
  return (pair?.key as Node | undefined) ?? node ?? null;
}

/** What a document says. Throws `UserError` for an alias that stands for nothing. */
function valueOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new UserError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** Parses the text of a YAML file. Throws `UserError` with the place of the first mistake in its syntax. */
export function parseSource(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const mistake = document.errors.at(0);
  if (mistake) throw new UserError(`${place(mistake.pos[0])}: ${mistake.message}`);
  const placeOf = (node: Node | null) => place(node?.range?.[0] ?? 0);
  return {
    file,
    value: valueOf(document, file),
    at: (path) => placeOf(find(document, path)),
    atKey: (path, key) => placeOf(keyNode(document, path, key)),
  };
}
