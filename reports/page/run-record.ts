/** A part of a config as run.json tells it: its name, what it is, and its options. */
export interface Described {
  readonly name: string;
  readonly use: string;
  readonly options: unknown;
  /** The file it comes from, where it is a plug-in. */
  readonly plugin?: string;
}

/** The content of run.json. */
export interface RunRecord {
  readonly name: string;
  readonly package: string;
  readonly node: string;
  readonly platform: string;
  readonly engine: {
    readonly name: string;
    readonly device: string;
    readonly version: string;
    /** Processes, and threads of one operator in each. */
    readonly workers?: number;
    readonly threads?: number;
  };
  /** What computes a part of it again. */
  readonly setting: {
    readonly recipe: {
      /** The config as written, with what it extends, variables as such. */
      readonly text: string;
      /** Its file, as seen from the folder of the results; its paths are relative to that file's folder. */
      readonly file: string;
      /** The explainers that `compare` reduced it to. */
      readonly pair?: readonly [string, string];
    };
    /** The name by which the engine was asked for. */
    readonly engine?: string;
  };
  readonly config: {
    readonly seed: number;
    readonly target: string;
    /** How many samples were attacked together. */
    readonly attackBatch?: number;
    readonly heatmaps: number;
    readonly tables: unknown;
    readonly explainers: readonly Described[];
    readonly attacks: readonly Described[];
    readonly metrics: readonly (Described & { readonly heatmap: unknown; readonly on?: unknown })[];
  };
  readonly subjects: readonly {
    readonly model: {
      readonly name: string;
      readonly hash: string;
      readonly classes: number;
      readonly size: readonly number[];
      readonly notes: readonly string[];
    };
    readonly dataset: {
      readonly name: string;
      readonly kind: string;
      readonly options: unknown;
      readonly plugin?: string;
    };
    /** That were measured. */
    readonly samples: number;
    /** Of all that were read, those that attacks steer to among them. */
    readonly samplesHash: string;
  }[];
  readonly units: { readonly planned: number; readonly computed: number; readonly reused: number };
  /** Attacks that could not be made on an explainer, being a black box. */
  readonly leftOut: readonly { readonly attack: string; readonly explainer: string }[];
  readonly skipped: readonly { readonly dataset: string; readonly sample: string; readonly reason: string }[];
  /** What was given up elsewhere; the results are without it. */
  readonly setAside?: readonly {
    readonly model: string;
    readonly dataset: string;
    readonly sample: string;
    readonly units: number;
    readonly reason: string;
  }[];
  readonly rows: number;
  /** ISO 8601. */
  readonly started: string;
  /** Until the reports were begun. */
  readonly seconds: number;
  readonly secondsByUnitKind: Readonly<Record<string, number>>;
}
