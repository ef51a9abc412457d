import { Gauge } from 'prom-client';
import { inTime } from '../telemetry/in-time.js';
import { metrics } from '../telemetry/metrics.js';

/** How many events a consumer has before it. */
type Lag = () => Promise<number>;

const watched = new Map<string, Lag>();

/** Shows a consumer's lag in the metrics until the function that it gives is called. */
export function watchLag(consumer: string, lag: Lag): () => void {
  watched.set(consumer, lag);
  return () => {
    if (watched.get(consumer) === lag) watched.delete(consumer);
  };
}

new Gauge({
  name: 'erato_consumer_lag',
  help: 'Events in the stream that a consumer has not applied yet; told by the process that applies them.',
  labelNames: ['consumer'],
  registers: [metrics],
  /** The stream is asked, so that a consumer that is stuck does not look as it did before. */
  async collect() {
    const lags = await Promise.all(
      [...watched].map(async ([consumer, lag]) => [consumer, await inTime(lag())] as const),
    );
    this.reset();
    for (const [consumer, lag] of lags) if (lag !== null) this.set({ consumer }, lag);
  },
});
