import { Counter } from 'prom-client';
import { metrics } from '@erato/platform/telemetry/metrics';

new Counter({
  name: 'erato_policy_lookups_total',
  help: 'Looks into the caches of the policy client, by cache (subjects, objects) and outcome (hit, miss).',
  labelNames: ['cache', 'outcome'],
  registers: [metrics],
  // Counted in plain numbers, of which a decision feels nothing, and told when somebody asks.
  collect() {
    this.reset();
    for (const [cache, { hit, miss }] of Object.entries(looks)) {
      this.inc({ cache, outcome: 'hit' }, hit);
      this.inc({ cache, outcome: 'miss' }, miss);
    }
  },
});
const looks = { subjects: { hit: 0, miss: 0 }, objects: { hit: 0, miss: 0 } };
const emptied = new Counter({
  name: 'erato_policy_emptied_total',
  help: 'How often all that the policy client kept was forgotten, by reason (gap, reconnect, role).',
  labelNames: ['reason'],
  registers: [metrics],
});

/** Counts looks into one cache. */
export function countLookups(cache: 'subjects' | 'objects', hits: number, misses: number): void {
  looks[cache].hit += hits;
  looks[cache].miss += misses;
}

/** Counts that everything was forgotten. */
export function countEmptied(reason: 'gap' | 'reconnect' | 'role'): void {
  emptied.labels(reason).inc();
}
