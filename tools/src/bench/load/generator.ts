import { percentile } from '../statistics.js';
import { WireConnection, wireRequest } from './connection.js';
import type { LoadPlan, LoadReport, LoadSeen } from './plan.js';

/** Latencies of one run, in a buffer that grows. */
class Latencies {
  private values = new Float64Array(1 << 16);
  count = 0;

  add(value: number): void {
    if (this.count === this.values.length) {
      const larger = new Float64Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.count++] = value;
  }

  sorted(): Float64Array {
    return this.values.subarray(0, this.count).sort();
  }
}

function requestsOf(plan: LoadPlan): Buffer[] {
  const { host, port, token, method, paths, bodies } = plan;
  const name = `${host}:${String(port)}`;
  const first = paths[0] ?? '/';
  if (bodies !== undefined) return bodies.map((body) => wireRequest(method, first, name, token, body));
  return paths.map((path) => wireRequest(method, path, name, token));
}

async function run(plan: LoadPlan): Promise<LoadSeen> {
  const requests = requestsOf(plan);
  const latencies = new Latencies();
  const open = Array.from({ length: plan.connections }, () => WireConnection.open(plan.host, plan.port));
  const connections = await Promise.all(open);
  const cpu = process.cpuUsage();
  const started = performance.now();
  const end = started + plan.seconds * 1_000;
  let next = 0;
  const work = async (connection: WireConnection): Promise<void> => {
    for (;;) {
      const request = requests[next++ % requests.length];
      const sent = performance.now();
      if (request === undefined || sent >= end) return;
      const { status, body } = await connection.send(request);
      latencies.add((performance.now() - sent) * 1_000);
      if (status !== plan.status) throw new Error(`an answer with ${String(status)}: ${body.toString()}`);
    }
  };
  try {
    await Promise.all(connections.map(work));
  } finally {
    for (const connection of connections) connection.close();
  }
  const elapsedMs = performance.now() - started;
  const own = process.cpuUsage(cpu);
  const sorted = latencies.sorted();
  return {
    requests: latencies.count,
    elapsedMs,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    ownCpuMs: (own.user + own.system) / 1_000,
  };
}

const report = (each: LoadReport): unknown => process.send?.(each);

process.on('message', (plan: LoadPlan) => {
  run(plan).then(
    (seen) => report({ seen }),
    (error: unknown) => report({ failed: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
