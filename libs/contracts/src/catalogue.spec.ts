import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { everyTable, tables } from './catalogue.js';
import type { AnyCall, CallTable } from './kit/call.js';

const isTable = (value: unknown): value is CallTable =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).length > 0 &&
  Object.values(value).every(
    (call: unknown) => typeof call === 'object' && call !== null && 'subject' in call && 'reply' in call,
  );

/** Every table that a module of the contracts exports. */
async function declared(): Promise<AnyCall[]> {
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && file !== 'catalogue.ts')
    .map((file) => new URL(file, folder).href);
  const modules = await Promise.all(files.map((file) => import(file) as Promise<object>));
  return modules.flatMap((module) =>
    Object.values(module)
      .filter(isTable)
      .flatMap((table) => Object.values(table)),
  );
}

const subjects = (of: readonly CallTable[]): string[] =>
  of.flatMap((table) => Object.values(table).map(({ subject }) => subject)).sort();

describe('the catalogue of calls', () => {
  it('has every call that a contract declares, once', async () => {
    const known = (await declared()).map(({ subject }) => subject).sort();
    expect(subjects(everyTable)).toEqual(known);
    expect(new Set(known).size).toBe(known.length);
  });

  it('gives a route to calls of the first list alone', () => {
    const served = new Set(subjects(tables));
    const routed = everyTable.flatMap((table) => Object.values(table)).filter(({ http }) => http);
    expect(routed.filter(({ subject }) => !served.has(subject))).toEqual([]);
  });

  it('names who makes a call: the gateway what has a route, no service its own', () => {
    for (const { http, callers, service } of everyTable.flatMap((table) => Object.values(table))) {
      if (service !== 'gateway') expect(callers).not.toContain(service);
      if (http) expect(callers[0]).toBe('gateway');
    }
  });
});
