import * as ort from 'onnxruntime-node';
import { LRUCache } from 'lru-cache';
import { inputsOf, simplify, type Node } from '../graph/index.ts';
import type { Tensor } from '../numeric/tensor.ts';
import { writeModel, type Runtime } from '../onnx/write.ts';
import { batchRunner } from './batching.ts';
import type { Engine, Program, Tensors } from './engine.ts';
import { checkFeeds } from './feeds.ts';

/** What ONNX Runtime can run operators on, as it calls them. */
export type Provider = 'cpu' | 'webgpu' | 'cuda' | 'coreml' | 'dml';

export interface OnnxRuntimeOptions {
  /** By default the processor, which also runs what another provider has no kernel for. */
  readonly provider?: Provider;
  /** Threads for one operator; by default one a core. */
  readonly threads?: number;
  /** Bound on the bytes of compiled programs kept, weights included (default 4 GiB). */
  readonly cacheBytes?: number;
}

/**
 * In 1.30, WebGPU's MaxPool refuses indices, and its convolutions come out wrong, without a word, for 6 channels to a multiple of 4 and
 * for some groups of several channels.
 */
const runtimes: Partial<Record<Provider, Runtime>> = { webgpu: { poolIndices: false, anyChannels: false } };

/** Values of the largest activation of one micro-batch on a graphics card, which wants much work at a time; 64 MiB. */
const deviceValues = 2 ** 24;

interface Session {
  readonly ready: Promise<ort.InferenceSession>;
  running: number;
  evicted: boolean;
}

/** Runs graphs with ONNX Runtime. Sessions are made at the first run and kept, least recently used out first. */
export function createOnnxRuntimeEngine(options: OnnxRuntimeOptions = {}): Engine {
  const { provider = 'cpu' } = options;
  const settings: ort.InferenceSession.SessionOptions = {
    executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Each session has threads of its own; left to spin after a run, they take the cores from the session that runs next.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
  };
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
  const sessions = new LRUCache<symbol, Session>({
    maxSize: options.cacheBytes ?? 4 * 2 ** 30,
    dispose: (session) => releaseWhenIdle(session),
  });

  function compile(outputs: Readonly<Record<string, Node>>): Program {
    const names = Object.keys(outputs);
    // An output may have the name of an input: state that goes round. ONNX wants them told apart.
    const outputName = (name: string) => `out/${name}`;
    const graph = Object.fromEntries(simplify(Object.values(outputs)).map((node, i) => [outputName(names[i]), node]));
    const inputs = inputsOf(Object.values(graph)).map((n) => n.attrs);
    const key = Symbol(names.join());

    function open(): Session {
      const known = sessions.get(key);
      if (known) return known;
      const bytes = writeModel(graph, { runtime: runtimes[provider] });
      const session: Session = { ready: ort.InferenceSession.create(bytes, settings), running: 0, evicted: false };
      sessions.set(key, session, { size: Math.max(bytes.byteLength, 1) });
      // A program larger than the whole cache is not kept: it lives until its run ends.
      if (!sessions.has(key)) session.evicted = true;
      return session;
    }

    async function runOnce(feeds: Tensors): Promise<Tensors> {
      const session = open();
      session.running++;
      try {
        const ready = await session.ready;
        const results = await ready.run(
          Object.fromEntries(
            inputs.map(({ name }) => [name, new ort.Tensor('float32', feeds[name].data, feeds[name].shape)]),
          ),
        );
        return Object.fromEntries(
          names.map((name): [string, Tensor] => {
            const { dims, data } = results[outputName(name)];
            return [name, { shape: dims, data: data as Float32Array }];
          }),
        );
      } finally {
        session.running--;
        if (session.evicted) releaseWhenIdle(session);
      }
    }

    const runBatch = batchRunner(inputs, Object.values(graph), runOnce, provider === 'cpu' ? undefined : deviceValues);
    return {
      inputs: inputs.map((i) => i.name),
      async run(feeds) {
        return runBatch(feeds, checkFeeds(inputs, feeds));
      },
      async release() {
        sessions.delete(key);
        await Promise.all(releases);
      },
    };
  }

  return {
    name: 'onnxruntime',
    device: provider,
    compile,
    describe: () => Promise.resolve({ version: ort.env.versions.node ?? ort.env.versions.common }),
    async release() {
      sessions.clear();
      await Promise.all(releases);
    },
  };
}
