/** A load that the generator makes: closed loop, each connection sends its next request when it has its answer. */
export interface LoadPlan {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  readonly method: 'GET' | 'POST';
  /** Where a request goes; taken in turn. */
  readonly paths: readonly string[];
  /** What a POST sends; taken in turn. */
  readonly bodies?: readonly string[];
  /** The only status that counts as an answer. */
  readonly status: number;
  readonly connections: number;
  readonly seconds: number;
}

/** What the generator saw. Latencies are in microseconds. */
export interface LoadSeen {
  readonly requests: number;
  readonly elapsedMs: number;
  readonly p50: number;
  readonly p99: number;
  /** The generator's own CPU time, in milliseconds. */
  readonly ownCpuMs: number;
}

/** What comes back from the generator's process. */
export type LoadReport = { seen: LoadSeen } | { failed: string };
