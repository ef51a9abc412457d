import { describe, expect, it } from '@jest/globals';
import { guest, type Caller } from '@erato/contracts/kit/context';
import { calls, command, nothing } from '@erato/contracts/kit/call';
import { actAsOf, consistencyOf, etagMatches, ifMatchOf, traceparentOf } from './headers.js';

class Nothing {}
const made = calls('content.thing', {
  make: command({
    http: 'POST /things',
    scope: null,
    request: Nothing,
    reply: nothing,
    actAs: true,
    summary: '',
  }),
  other: command({ http: 'POST /others', scope: null, request: Nothing, reply: nothing, summary: '' }),
});
const user: Caller = { subjectType: 'user', subjectId: 'user_1', scopes: [] };
const id = '01890000-0000-7000-8000-000000000000';

describe('request headers', () => {
  it('If-None-Match compares weakly, any of a list, or a star', () => {
    expect(etagMatches('"v3"', '"v3"')).toBe(true);
    expect(etagMatches('"v1", W/"v3"', '"v3"')).toBe(true);
    expect(etagMatches('*', '"v3"')).toBe(true);
    expect(etagMatches('"v4"', '"v3"')).toBe(false);
    expect(etagMatches(undefined, '"v3"')).toBe(false);
  });

  it('If-Match compares strongly: weak and foreign tags match no version', () => {
    expect(ifMatchOf('"v3"')).toEqual([3]);
    expect(ifMatchOf('"v3", "v4"')).toEqual([3, 4]);
    expect(ifMatchOf('W/"v3"')).toEqual([-1]);
    expect(ifMatchOf('nonsense')).toEqual([-1]);
    expect(ifMatchOf('*')).toBeUndefined();
    expect(ifMatchOf(undefined)).toBeUndefined();
  });

  it('Erato-Act-As names a workspace, for people, where the call allows it', () => {
    expect(actAsOf(`workspace:${id}`, made.make, user)).toBe(id);
    expect(actAsOf(undefined, made.other, guest)).toBeUndefined();
    expect(() => actAsOf(`workspace:${id}`, made.other, user)).toThrow('does not go');
    expect(() => actAsOf(`workspace:${id}`, made.make, guest)).toThrow('does not go');
    expect(() => actAsOf(`user:${id}`, made.make, user)).toThrow('must be');
  });

  it('Erato-Consistency is a revision', () => {
    expect(consistencyOf('42')).toBe(42);
    expect(() => consistencyOf('-1')).toThrow('revision');
    expect(() => consistencyOf('1e9')).toThrow('revision');
  });

  it('passes on a traceparent that is one', () => {
    const good = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(traceparentOf(good)).toBe(good);
    expect(traceparentOf('00-00000000000000000000000000000000-b7ad6b7169203331-01')).toBeUndefined();
    expect(traceparentOf('nonsense')).toBeUndefined();
  });
});
