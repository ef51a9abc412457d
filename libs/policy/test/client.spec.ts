import { describe, expect, it, jest } from '@jest/globals';
import type { FactPermission, FetchedFacts, FetchFacts } from '@erato/contracts/authz/facts';
import { unavailable } from '@erato/contracts/kit/failure';
import type { Caller } from '@erato/contracts/kit/context';
import { settle } from '@erato/testing/settle';
import { builtInActions } from '../src/actions.js';
import { FactsCache } from '../src/client/facts-cache.js';
import type { FactsSource } from '../src/client/facts-source.js';
import { Policy, type PolicyContext, type Target } from '../src/client/policy.js';

/** An authz whose state a test sets, and whose answers it may hold back. */
class ScriptedFacts implements FactsSource {
  revision = 10;
  readonly asked: FetchFacts[] = [];
  readonly rows = new Map<string, FactPermission[]>();
  readonly teams = new Map<string, string[]>();
  /** What identity knows, and a fresh answer therefore holds. */
  readonly freshTeams = new Map<string, string[]>();
  away = false;
  #gate: Promise<void> = Promise.resolve();

  /** Takes a snapshot at once and gives it when the test says so. */
  hold(): () => void {
    let open = (): void => undefined;
    this.#gate = new Promise((resolve) => (open = resolve));
    return () => {
      open();
      this.#gate = Promise.resolve();
    };
  }

  async fetch(request: FetchFacts): Promise<FetchedFacts> {
    this.asked.push(request);
    if (this.away) throw unavailable();
    const facts: FetchedFacts = {
      revision: this.revision,
      actions: builtInActions.map(({ slug, implies }) => ({ slug, implies: [...implies] })),
      subjects: request.subjects.map(({ type, id }) => ({
        type,
        id,
        teams: (request.fresh ? this.freshTeams.get(id) : undefined) ?? this.teams.get(id) ?? [],
        organizations: [],
        audiences: [],
      })),
      objects: request.objects.map(({ type, id }) => ({
        type,
        id,
        permissions: this.rows.get(`${type}:${id}`) ?? [],
        assignments: [],
      })),
    };
    await this.#gate;
    return facts;
  }
}

let rowIds = 0;
const row = (subjectId: string, action: string, more: Partial<FactPermission> = {}): FactPermission => ({
  id: `row${++rowIds}`,
  subjectType: 'user',
  subjectId,
  action,
  value: 'allow',
  expiresAt: null,
  ...more,
});
const ann: Caller = { subjectType: 'user', subjectId: 'ann', scopes: [] };
const context = (more: Partial<PolicyContext> = {}): PolicyContext => ({
  caller: ann,
  requestId: 'request-1',
  deadline: Date.now() + 1_000,
  ...more,
});
const target = (id: string, more: Partial<Target> = {}): Target => ({
  path: [[{ type: 'workspace', id, ownerType: 'user', ownerId: 'owner' }]],
  everyone: [],
  ...more,
});
function aPolicy() {
  const source = new ScriptedFacts();
  const cache = new FactsCache(source);
  return { source, cache, policy: new Policy(cache) };
}
/** Runs with a clock that a test sets. */
async function atTimes(work: (pass: (ms: number) => void) => Promise<void>): Promise<void> {
  let passed = 0;
  const real = Date.now.bind(Date);
  const spy = jest.spyOn(Date, 'now').mockImplementation(() => real() + passed);
  try {
    await work((ms) => (passed += ms));
  } finally {
    spy.mockRestore();
  }
}

describe('the caches', () => {
  it('ask once for what is missing in one tick, and then not at all', async () => {
    const { source, policy } = aPolicy();
    source.rows.set('workspace:w1', [row('ann', 'read')]).set('workspace:w2', [row('ann', 'update')]);
    const [one, two] = await Promise.all([
      policy.decide(context(), 'read', target('w1')),
      policy.decide(context(), 'update', target('w2')),
    ]);
    expect([one.allowed, two.allowed]).toEqual([true, true]);
    expect(source.asked).toEqual([
      {
        subjects: [{ type: 'user', id: 'ann' }],
        objects: [
          { type: 'workspace', id: 'w1' },
          { type: 'workspace', id: 'w2' },
        ],
      },
    ]);
    await policy.decide(context(), 'read', target('w2'));
    expect(source.asked).toHaveLength(1);
  });

  it('ask for at most 200 of a kind in a message', async () => {
    const { source, policy } = aPolicy();
    const targets = Array.from({ length: 450 }, (_, at) => target(`w${at}`, { everyone: ['read'] }));
    expect((await policy.allows(context(), 'read', targets)).every(Boolean)).toBe(true);
    expect(source.asked.map(({ objects }) => objects.length)).toEqual([200, 200, 50]);
  });

  it('join whoever asks while the same is under way', async () => {
    const { source, policy } = aPolicy();
    source.rows.set('workspace:w', [row('ann', 'read')]);
    const open = source.hold();
    const first = policy.decide(context(), 'read', target('w'));
    await new Promise(setImmediate);
    const second = policy.decide(context(), 'read', target('w'));
    await new Promise(setImmediate);
    open();
    expect([(await first).allowed, (await second).allowed]).toEqual([true, true]);
    expect(source.asked).toHaveLength(1);
  });

  it('forget an object and a subject by their events', async () => {
    const { source, cache, policy } = aPolicy();
    source.rows.set('workspace:w', [row('ann', 'read')]);
    await policy.decide(context(), 'read', target('w'));
    source.rows.set('workspace:w', [row('blue', 'read', { subjectType: 'team' })]);
    source.teams.set('ann', ['blue']);
    source.revision = 12;
    cache.objectChanged({ type: 'workspace', id: 'w' }, 11);
    cache.subjectChanged({ type: 'user', id: 'ann' }, 12);
    expect((await policy.decide(context(), 'read', target('w'))).rule).toBe('team');
    expect(source.asked).toHaveLength(2);
    // An event that tells nothing newer than what is known drops nothing.
    cache.objectChanged({ type: 'workspace', id: 'w' }, 12);
    await policy.decide(context(), 'read', target('w'));
    expect(source.asked).toHaveLength(2);
  });

  it('throw away a fill that an event has overtaken', async () => {
    const { source, cache, policy } = aPolicy();
    await policy.decide(context(), 'read', target('other', { everyone: ['read'] }));
    source.rows.set('workspace:w', [row('ann', 'read')]);
    const open = source.hold();
    const decision = policy.decide(context(), 'read', target('w'));
    await new Promise(setImmediate);
    source.rows.set('workspace:w', [row('ann', 'read', { value: 'deny' })]);
    source.revision = 11;
    cache.objectChanged({ type: 'workspace', id: 'w' }, 11);
    open();
    expect((await decision).allowed).toBe(false);
  });

  it('empty themselves where a revision is missing, also of what is under way', async () => {
    const { source, cache, policy } = aPolicy();
    source.rows.set('workspace:w', [row('ann', 'read')]);
    await policy.decide(context(), 'read', target('w'));
    cache.objectChanged({ type: 'workspace', id: 'other' }, 11);
    await policy.decide(context(), 'read', target('w'));
    expect(source.asked).toHaveLength(1);
    source.rows.set('workspace:w', []);
    source.revision = 13;
    cache.objectChanged({ type: 'workspace', id: 'other' }, 13);
    expect((await policy.decide(context(), 'read', target('w'))).allowed).toBe(false);

    const open = source.hold();
    source.rows.set('workspace:late', [row('ann', 'read')]);
    const decision = policy.decide(context(), 'read', target('late'));
    await new Promise(setImmediate);
    source.rows.set('workspace:late', []);
    source.revision = 15;
    cache.objectChanged({ type: 'workspace', id: 'other' }, 15);
    open();
    expect((await decision).allowed).toBe(false);
  });

  it('empty themselves after a reconnection and where a role changed', async () => {
    const { source, cache, policy } = aPolicy();
    const ask = () => policy.decide(context(), 'read', target('w', { everyone: ['read'] }));
    await ask();
    cache.restart();
    await ask();
    expect(source.asked).toHaveLength(2);
    source.revision = 11;
    cache.rulesChanged(11);
    await ask();
    await ask();
    expect(source.asked).toHaveLength(3);
  });

  it('do not trust, after a reconnection, an answer that was asked for before', async () => {
    const { source, cache, policy } = aPolicy();
    source.rows.set('workspace:w', [row('ann', 'read')]);
    const open = source.hold();
    const decision = policy.decide(context(), 'read', target('w'));
    await new Promise(setImmediate);
    source.rows.set('workspace:w', []);
    source.revision = 11;
    cache.restart();
    open();
    expect((await decision).allowed).toBe(false);
  });

  it('keep an entry 30 s at most, with authz away too', () =>
    atTimes(async (pass) => {
      const { source, policy } = aPolicy();
      const ask = () => policy.decide(context(), 'read', target('w', { everyone: ['read'] }));
      await ask();
      source.away = true;
      pass(29_000);
      expect((await ask()).allowed).toBe(true);
      expect(source.asked).toHaveLength(1);
      pass(1_500);
      await expect(ask()).rejects.toMatchObject({ code: 'unavailable' });
      source.away = false;
      expect((await ask()).allowed).toBe(true);
    }));

  it('ask again, in one message, for what is still used at half its age, while decisions go on', () =>
    atTimes(async (pass) => {
      const { source, policy } = aPolicy();
      for (const id of ['one', 'two', 'unused']) source.rows.set(`workspace:${id}`, [row('ann', 'read')]);
      const ask = (id: string) => policy.decide(context(), 'read', target(id));
      await Promise.all([ask('one'), ask('two'), ask('unused')]);
      pass(16_000);
      source.rows.set('workspace:two', []);
      expect((await ask('one')).allowed).toBe(true);
      expect((await ask('two')).allowed).toBe(true);
      expect((await ask('two')).allowed).toBe(true);
      expect(source.asked).toHaveLength(1);
      await settle(() => source.asked.length === 2);
      expect(source.asked[1]).toEqual({
        subjects: [{ type: 'user', id: 'ann' }],
        objects: [
          { type: 'workspace', id: 'one' },
          { type: 'workspace', id: 'two' },
        ],
      });
      pass(16_000);
      expect((await ask('one')).allowed).toBe(true);
      expect(source.asked).toHaveLength(2);
    }));

  it('are nothing to a row that ends meanwhile', () =>
    atTimes(async (pass) => {
      const { source, policy } = aPolicy();
      source.rows.set('workspace:w', [row('ann', 'read', { expiresAt: Date.now() + 10_000 })]);
      const ask = async () => (await policy.decide(context(), 'read', target('w'))).allowed;
      expect(await ask()).toBe(true);
      pass(10_001);
      expect(await ask()).toBe(false);
    }));
});

describe('a wanted revision', () => {
  it('is met by an entry that is as new, or by events heard without a gap', async () => {
    const { source, cache, policy } = aPolicy();
    const ask = (consistency: number) =>
      policy.decide(context({ consistency }), 'read', target('w', { everyone: ['read'] }));
    await ask(10);
    expect(source.asked).toHaveLength(1);
    cache.objectChanged({ type: 'workspace', id: 'x' }, 11);
    await ask(11);
    expect(source.asked).toHaveLength(1);
    source.revision = 12;
    await ask(12);
    expect(source.asked).toHaveLength(2);
  });

  it('is waited for until the deadline, and then the answer is none', async () => {
    const { source, policy } = aPolicy();
    const ask = (deadline: number) =>
      policy.decide(context({ consistency: 11, deadline }), 'read', target('w', { everyone: ['read'] }));
    const waiting = ask(Date.now() + 5_000);
    while (source.asked.length < 2) await new Promise(setImmediate);
    source.revision = 11;
    expect((await waiting).allowed).toBe(true);
    await expect(
      policy.decide(context({ consistency: 99, deadline: Date.now() + 60 }), 'read', target('w')),
    ).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a denial', () => {
  it('is confirmed with fresh facts, at most once a second a subject', () =>
    atTimes(async (pass) => {
      const { source, policy } = aPolicy();
      source.rows.set('workspace:w', [row('blue', 'read', { subjectType: 'team' })]);
      source.freshTeams.set('ann', ['blue']);
      expect((await policy.decide(context(), 'read', target('w'))).allowed).toBe(true);
      expect(source.asked.map(({ fresh }) => fresh ?? false)).toEqual([false, true]);
      const update = () => policy.decide(context(), 'update', target('w'));
      expect((await update()).allowed).toBe(false);
      expect((await update()).allowed).toBe(false);
      expect(source.asked).toHaveLength(2);
      pass(1_001);
      expect((await update()).allowed).toBe(false);
      expect(source.asked).toHaveLength(3);
    }));

  it('of several at once waits for the one confirmation', async () => {
    const { source, policy } = aPolicy();
    source.rows.set('workspace:w', [row('blue', 'read', { subjectType: 'team' })]);
    await policy.decide(context({ caller: { ...ann, subjectId: 'bob' } }), 'read', target('w'));
    source.freshTeams.set('ann', ['blue']);
    const asks = Array.from({ length: 5 }, () => policy.decide(context(), 'read', target('w')));
    expect((await Promise.all(asks)).map(({ allowed }) => allowed)).toEqual(Array(5).fill(true));
    expect(source.asked.filter(({ fresh, subjects }) => fresh && subjects[0]?.id === 'ann')).toHaveLength(1);
  });

  it('stands where it cannot be confirmed, and is final for guests and ceilings', async () => {
    const { source, policy } = aPolicy();
    await policy.decide(context(), 'read', target('w', { everyone: ['read'] }));
    source.away = true;
    expect((await policy.decide(context(), 'update', target('w'))).allowed).toBe(false);
    source.away = false;
    const asked = source.asked.length;
    const guest: Caller = { subjectType: 'guest', subjectId: '', scopes: [] };
    expect((await policy.decide(context({ caller: guest }), 'read', target('w'))).allowed).toBe(false);
    const key: Caller = { subjectType: 'user', subjectId: 'bob', scopes: [], ceiling: {} };
    expect((await policy.decide(context({ caller: key }), 'read', target('w'))).rule).toBe('ceiling');
    expect(source.asked.slice(asked).some(({ fresh }) => fresh)).toBe(false);
  });
});

describe('require', () => {
  it('hides what may not be read, and refuses the rest', async () => {
    const { source, policy } = aPolicy();
    source.rows.set('workspace:w', [row('ann', 'read')]);
    await expect(policy.require(context(), 'update', target('w'))).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await expect(policy.require(context(), 'update', target('x'))).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(policy.require(context(), 'read', target('x'))).rejects.toMatchObject({ code: 'not_found' });
    expect((await policy.require(context(), 'read', target('w'))).rule).toBe('user');
    // A draft is read by who may update it.
    const draft = target('w', { everyone: ['read'], readAs: 'update' });
    await expect(policy.require(context(), 'read', draft)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('never allows because authz is away', async () => {
    const { source, policy } = aPolicy();
    source.away = true;
    const open = target('w', { everyone: ['read'] });
    await expect(policy.require(context(), 'read', open)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(policy.principals(context())).rejects.toMatchObject({ code: 'unavailable' });
    await expect(policy.facts(context(), [{ type: 'workspace', id: 'w' }])).rejects.toMatchObject({
      code: 'unavailable',
    });
    const admin: Caller = { ...ann, scopes: ['admin'] };
    expect((await policy.require(context({ caller: admin }), 'delete', open)).rule).toBe('administrator');
  });
});

it('gives principals and rows for lists and projections', async () => {
  const { source, policy } = aPolicy();
  source.teams.set('ann', ['blue']);
  source.rows.set('workspace:w', [row('ann', 'read')]);
  expect([...(await policy.principals(context())).teams.ids]).toEqual(['blue']);
  const rows = await policy.facts(context(), [{ type: 'workspace', id: 'w' }]);
  expect(rows.get('workspace:w')).toMatchObject({ revision: 10, permissions: [{ action: 'read' }] });
});
