/** Keeps what was made, by key: all of it, or what was asked for last. */
export function memo<T>(keep: 'all' | 'last' = 'all'): (key: string, make: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, Promise<T>>();
  return (key, make) => {
    let value = kept.get(key);
    if (!value) {
      if (keep === 'last') kept.clear();
      kept.set(key, (value = make()));
    }
    return value;
  };
}
