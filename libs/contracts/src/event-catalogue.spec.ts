import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import * as authz from './authz/events.js';
import * as content from './content/events.js';
import * as identity from './identity/events.js';
import type { EventType } from './kit/event.js';
import { schemasOf } from './kit/schema.js';

const isEvent = (value: unknown): value is EventType<unknown> =>
  typeof value === 'object' && value !== null && 'subject' in value && 'version' in value && 'body' in value;

const events = [identity, authz, content].flatMap((module) => Object.values<unknown>(module).filter(isEvent));

/** The catalogue's line of an event: its name, the fields of its body, what it says. */
function line({ name, body, summary }: EventType<unknown>): string {
  const fields = Object.keys(schemasOf(body)[body.name]?.properties ?? {});
  return `- \`${name}\` { ${fields.join(', ')} }: ${summary}`;
}

describe('the event catalogue', () => {
  it('has a line for every event, and for nothing else', async () => {
    const text = await readFile(new URL('../../../docs/events.md', import.meta.url), 'utf8');
    const lines = text.split('\n').filter((each) => each.startsWith('- `'));
    expect(lines).toEqual(events.map(line));
  });

  it('names each event once, by its service', () => {
    const names = events.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^(identity|authz|content)\.[a-z-]+\.[a-z]+$/);
  });
});
