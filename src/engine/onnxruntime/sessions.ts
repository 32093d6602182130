import { LRUCache } from 'lru-cache';
import * as ort from 'onnxruntime-node';
import type { WrittenProgram } from '../../onnx/write.ts';

/** Compiled programs, least recently used out first. */
export interface Sessions {
  /** Uses the session of a key, which is made of a model and its options where there is none. */
  use<T>(key: symbol, make: () => Model, run: (session: ort.InferenceSession) => Promise<T>): Promise<T>;
  delete(key: symbol): Promise<void>;
  clear(): Promise<void>;
}

interface Model {
  readonly program: WrittenProgram;
  readonly options: ort.InferenceSession.SessionOptions;
}

interface Session {
  readonly ready: Promise<ort.InferenceSession>;
  running: number;
  evicted: boolean;
}

/** Keeps sessions up to a number of bytes, weights included. */
export function keepSessions(bytes: number): Sessions {
  const releases = new Set<Promise<void>>();
  const releaseWhenIdle = (session: Session) => {
    session.evicted = true;
    if (session.running > 0) return;
    // A session that could not be made has told so where it was run; there is nothing to release.
    const done: Promise<void> = session.ready
      .then((s) => s.release())
      .catch(() => undefined)
      .finally(() => releases.delete(done));
    releases.add(done);
  };
  const sessions = new LRUCache<symbol, Session>({ maxSize: bytes, dispose: (session) => releaseWhenIdle(session) });

  function open(key: symbol, make: () => Model): Session {
    const known = sessions.get(key);
    if (known) return known;
    const { program, options } = make();
    const session: Session = {
      ready: ort.InferenceSession.create(program.file, { ...options, externalData: program.weights }),
      running: 0,
      evicted: false,
    };
    sessions.set(key, session, { size: program.memory });
    // A program larger than the whole cache is not kept: it lives until its run ends.
    if (!sessions.has(key)) session.evicted = true;
    return session;
  }

  return {
    async use(key, make, run) {
      const session = open(key, make);
      session.running++;
      try {
        return await run(await session.ready);
      } finally {
        session.running--;
        if (session.evicted) releaseWhenIdle(session);
      }
    },
    async delete(key) {
      sessions.delete(key);
      await Promise.all(releases);
    },
    async clear() {
      sessions.clear();
      await Promise.all(releases);
    },
  };
}
