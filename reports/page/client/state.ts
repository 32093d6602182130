/** What the reader chose, as the page's address keeps it. Lists are repeated keys. */
export interface State {
  get(key: Key): string | undefined;
  all(key: Key): readonly string[];
  /** Changes some keys; undefined and empty lists take a key away. `step` makes a step that the browser's back button takes back. */
  set(changes: Partial<Record<Key, string | readonly string[] | undefined>>, step?: 'step'): void;
  /** Calls back whenever one of the keys changes, and now, whose result it returns. */
  watch<T>(keys: readonly Key[], draw: () => T): T;
}

export type Key =
  | 'section'
  | 'subject'
  | 'attack'
  | 'hide'
  | 'sort'
  | 'order'
  | 'transfer'
  | 'figure'
  | 'view'
  | 'wipe'
  | 'opacity'
  | 'metric'
  | 'by'
  | 'direction'
  | 'find'
  | 'only'
  | 'page'
  | 'sample';

const read = () => new URLSearchParams(location.hash.slice(1));

/** The state in the address of this page. */
export function createState(): State {
  let parameters = read();
  const watchers: { keys: readonly Key[]; draw: () => unknown; seen: string }[] = [];
  const seenBy = (keys: readonly Key[]) => JSON.stringify(keys.map((key) => parameters.getAll(key)));
  const notify = () => {
    for (const watcher of watchers) {
      const now = seenBy(watcher.keys);
      if (now === watcher.seen) continue;
      watcher.seen = now;
      watcher.draw();
    }
  };
  const reread = () => {
    parameters = read();
    notify();
  };
  addEventListener('popstate', reread);
  addEventListener('hashchange', reread);
  return {
    get: (key) => parameters.get(key) ?? undefined,
    all: (key) => parameters.getAll(key),
    set(changes, step) {
      for (const [key, value] of Object.entries(changes)) {
        parameters.delete(key);
        for (const v of value === undefined ? [] : [value].flat()) parameters.append(key, v as string);
      }
      const hash = `#${parameters}`;
      if (step) history.pushState(null, '', hash);
      else history.replaceState(null, '', hash);
      notify();
    },
    watch(keys, draw) {
      watchers.push({ keys, draw, seen: seenBy(keys) });
      return draw();
    },
  };
}
