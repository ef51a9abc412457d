import { Counter } from 'prom-client';
import { metrics } from '@erato/platform/telemetry/metrics';

const counts = { key: { hit: 0, miss: 0 }, session: { hit: 0, miss: 0 } };

new Counter({
  name: 'erato_credential_lookups_total',
  help: 'Looks into the cache of credentials, by kind (key, session) and outcome (hit, miss).',
  labelNames: ['kind', 'outcome'],
  registers: [metrics],
  collect() {
    this.reset();
    for (const [kind, outcomes] of Object.entries(counts))
      for (const [outcome, count] of Object.entries(outcomes)) this.inc({ kind, outcome }, count);
  },
});

/** Counts a look into the cache. It is a plain number until somebody asks: every request comes by here. */
export function countLookup(kind: keyof typeof counts, outcome: 'hit' | 'miss'): void {
  counts[kind][outcome]++;
}
