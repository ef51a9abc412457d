import { Counter } from 'prom-client';
import { metrics } from '@erato/platform/telemetry/metrics';

const lookups = new Counter({
  name: 'erato_policy_lookups_total',
  help: 'Looks into the caches of the policy client, by cache (subjects, objects) and outcome (hit, miss).',
  labelNames: ['cache', 'outcome'],
  registers: [metrics],
});
const emptied = new Counter({
  name: 'erato_policy_emptied_total',
  help: 'How often all that the policy client kept was forgotten, by reason (gap, reconnect, role).',
  labelNames: ['reason'],
  registers: [metrics],
});

const cells = {
  subjects: { hit: lookups.labels('subjects', 'hit'), miss: lookups.labels('subjects', 'miss') },
  objects: { hit: lookups.labels('objects', 'hit'), miss: lookups.labels('objects', 'miss') },
};

/** Counts looks into one cache. */
export function countLookups(cache: 'subjects' | 'objects', hits: number, misses: number): void {
  if (hits > 0) cells[cache].hit.inc(hits);
  if (misses > 0) cells[cache].miss.inc(misses);
}

/** Counts that everything was forgotten. */
export function countEmptied(reason: 'gap' | 'reconnect' | 'role'): void {
  emptied.labels(reason).inc();
}
