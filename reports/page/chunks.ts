import { inlineJson } from './json.ts';

/** Writes a file of the report; the path is relative to its folder. */
export type WriteFile = (path: string, content: string | Uint8Array) => Promise<void>;

/** What the page reads when it is asked for: in the page as long as there is room, else in a file beside it. */
export interface Chunks {
  add(name: string, content: unknown): Promise<void>;
  /** The text of those in the page, by name. */
  readonly inline: ReadonlyMap<string, string>;
}

// A page of this size still opens at once and travels by mail.
const mostInline = 10e6;

/** Chunks go to `report/NAME.js` where the page would grow too large; scripts, for a page opened from disk may read no other file. */
export function createChunks(write: WriteFile, room = mostInline): Chunks {
  const inline = new Map<string, string>();
  let size = 0;
  return {
    inline,
    async add(name, content) {
      const text = inlineJson(content);
      if (size + text.length > room)
        return write(`report/${name}.js`, `reportChunk(${JSON.stringify(name)}, ${text});\n`);
      size += text.length;
      inline.set(name, text);
    },
  };
}
