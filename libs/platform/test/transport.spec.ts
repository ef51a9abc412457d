import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import {
  type AnyCall,
  calls,
  command,
  nothing,
  one,
  page,
  query,
  type Handlers,
  type Page,
} from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { event } from '@erato/contracts/kit/event';
import { failure, notFound } from '@erato/contracts/kit/failure';
import { Id, Optional, Text, Whole } from '@erato/contracts/kit/fields';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import type { RunningService } from '@erato/platform/service/run';
import { answerInbox } from '@erato/platform/transport/bus';
import { writeEnvelope } from '@erato/platform/transport/envelope';
import { mostParts, outgoing, pack, unpack, type OutgoingPart } from '@erato/platform/transport/frame';
import { Serves } from '@erato/platform/transport/serves';
import { CallerSigner, encodeCaller } from '@erato/platform/transport/signed-caller';
import { aUser, asService, failureOf, TestGateway } from '@erato/testing/client';
import { startInfra, type Infra } from '@erato/testing/infra';
import { startTestService } from '@erato/testing/service';
import { settle } from '@erato/testing/settle';

class NoteRef {
  @Id() id: string;
}
class Note extends NoteRef {
  @Text({ max: 50 }) text: string;
  @Whole() version: number;
}
class MakeNote {
  @Text({ min: 1, max: 50 }) text: string;
  @Text({ max: 20 }) @Optional() fault?: string;
}
class NoteMade extends NoteRef {}

const taken = failure('conflict', 'note_taken', 'The note is taken.');
const noteMade = event('content.note.made', NoteMade, 'A note was made.');
const notes = calls('content.note', {
  get: query({
    http: 'GET /notes/{id}',
    scope: null,
    callers: ['authz'],
    guest: true,
    request: NoteRef,
    reply: one(Note),
    fails: [notFound],
    summary: 'x',
  }),
  list: query({ http: 'GET /notes', scope: null, request: NoteRef, reply: page(Note), summary: 'x' }),
  make: command({
    http: 'POST /notes',
    scope: null,
    callers: ['authz'],
    request: MakeNote,
    reply: one(Note),
    creates: '/notes/{id}',
    fails: [taken],
    summary: 'x',
  }),
  wipe: command({ scope: null, callers: ['authz'], request: NoteRef, reply: nothing, summary: 'x' }),
});

const nobody = calls('identity.nothing', { get: notes.get });
/** Calls of authz, whose commands may pass a caller on to the notes. */
const relays = calls('authz.relay', {
  pass: command({ http: 'POST /relays', scope: null, request: NoteRef, reply: nothing, summary: 'x' }),
});

const id = '01890000-0000-7000-8000-000000000000';
/** Of a note that is longer than the bus carries. */
const huge = '01890000-0000-7000-8000-00000000ffff';

let statementsAfterDeadline = 0;
let lateHandlerEnded = false;

/** A handler that goes on with its statements, whatever the time. */
async function late(tx: Tx, context: Context): Promise<void> {
  try {
    for (let at = 0; at < 50; at++) {
      const over = Date.now() > context.deadline;
      await tx.run(statement('SELECT pg_sleep(0.02)'), []);
      if (over) statementsAfterDeadline++;
    }
  } finally {
    lateHandlerEnded = true;
  }
}

@Serves(notes)
class NoteHandlers implements Handlers<typeof notes> {
  constructor(private readonly db: Db) {}

  async get(input: NoteRef, context: Context): Promise<Note> {
    if (input.id === huge) return { id: huge, text: 'x'.repeat(5_000_000), version: 1 };
    if (input.id !== id) throw notFound();
    return Promise.resolve({ id, text: context.caller.subjectId, version: 7 });
  }

  async list(): Promise<Page<Note>> {
    return Promise.resolve({ data: [], meta: { limit: 20, after: null, before: null } });
  }

  async make(input: MakeNote, context: Context): Promise<Note> {
    return this.db.transaction(context, async (tx) => {
      tx.emit(noteMade, id, { id });
      if (input.fault === 'declared') throw taken({ extra: { noteId: id } });
      if (input.fault === 'undeclared') throw failure('gone', 'never_declared', 'x')();
      if (input.fault === 'crash') throw new Error('secret of the database');
      if (input.fault === 'late') await late(tx, context);
      if (input.fault === 'aborted') await tx.run(statement('SELECT 1/0'), []).catch(() => undefined);
      return Promise.resolve({ id, text: input.text, version: 1 });
    });
  }

  async wipe(): Promise<void> {
    await this.db.rows(statement('DELETE FROM outbox RETURNING id'), []);
  }
}

@Module({ controllers: [NoteHandlers] })
class NoteModule {}

describe('the transport', () => {
  let infra: Infra;
  let service: RunningService;
  let gateway: TestGateway;
  let authz: Awaited<ReturnType<typeof asService>>;

  beforeAll(async () => {
    infra = await startInfra({ calls: [notes, nobody, relays] });
    service = await startTestService(infra, {
      name: 'content',
      module: NoteModule,
      database: { entities: [], migrations: [] },
    });
    gateway = await TestGateway.open(infra);
    authz = await asService(infra, 'authz');
  }, 60_000);

  afterAll(async () => {
    await authz.close();
    await gateway.close();
    await service.close();
    await infra.close();
  });

  /** The kinds of failure, empty where there is none, that the service answers to the parts of one message of authz. */
  const asked = async ({ subject }: AnyCall, parts: readonly OutgoingPart[]): Promise<string[]> => {
    const { connection, inboxPrefix } = authz.bus;
    const inbox = `${answerInbox(inboxPrefix, 'content')}.${crypto.randomUUID()}`;
    const failures = new Map<string, string>();
    const subscription = connection.subscribe(inbox, {
      callback: (_, message) => {
        for (const { fields } of unpack(message.data) ?? []) failures.set(fields[0] ?? '', fields[1] ?? '');
      },
    });
    connection.publish(subject, pack(parts), { reply: inbox });
    await settle(() => failures.size === parts.length);
    subscription.unsubscribe();
    return [...failures.values()];
  };

  it('brings a call to its handler with its caller, and the answer back', async () => {
    expect(await gateway.as(aUser('user_1')).call(notes.get, { id })).toEqual({
      id,
      text: 'user_1',
      version: 7,
    });
    const empty = await gateway.as(aUser('user_1')).call(notes.list, { id });
    expect(empty).toEqual({ data: [], meta: { limit: 20, after: null, before: null } });
  });

  it('refuses input that does not fit, naming every wrong field', async () => {
    const wrong = { text: '', more: 1 } as unknown as MakeNote;
    const refused = await gateway.as(aUser('user_1')).failure(notes.make, wrong);
    expect(refused.kind).toBe('invalid');
    expect(refused.errors).toEqual([
      { path: 'more', code: 'unknown_field', message: 'is not known here' },
      { path: 'text', code: 'too_short', message: expect.any(String) },
    ]);
  });

  it('carries declared failures with their facts, and hides all others', async () => {
    const user = gateway.as(aUser('user_1'));
    const declared = await user.failure(notes.make, { text: 'a', fault: 'declared' });
    expect(declared).toMatchObject({ kind: 'conflict', code: 'note_taken', extra: { noteId: id } });
    for (const fault of ['undeclared', 'crash', 'aborted']) {
      const hidden = await user.failure(notes.make, { text: 'a', fault });
      expect(hidden).toMatchObject({ kind: 'internal', code: 'internal' });
      expect(JSON.stringify(hidden)).not.toContain('secret');
    }
  });

  it('believes no caller that the gateway did not sign', async () => {
    const forged = await failureOf(authz.call(notes.get, { id }));
    expect(forged.kind).toBe('unauthenticated');
  });

  describe('of a caller that the gateway signed', () => {
    const caller = encodeCaller(aUser('user_2'));
    const request = { caller, requestId: 'a-request-of-user-2', actAs: undefined };
    const signer = () => new CallerSigner(infra.callerMasterKey, [notes, relays]);

    /** What the service answers to authz, which may publish the calls but state no caller. */
    const ask = async (call: AnyCall, signature: string, deadline: number, more = {}) => {
      const envelope = { requestId: request.requestId, deadline, encodedCaller: caller, signature, ...more };
      const input = JSON.stringify(call === notes.get ? { id } : { text: 'a' });
      const [failure] = await asked(call, [outgoing(['0', ...writeEnvelope(envelope)], input)]);
      return failure || 'served';
    };

    it('believes what was signed for this call', async () => {
      const deadline = Date.now() + 5_000;
      expect(await ask(notes.get, signer().sign(notes.get, { ...request, deadline }), deadline)).toBe(
        'served',
      );
    });

    it('believes what was signed to be passed on, for a command alone', async () => {
      const deadline = Date.now() + 5_000;
      const passed = signer().sign(relays.pass, { ...request, deadline });
      expect(await ask(notes.make, passed, deadline)).toBe('served');
      const read = signer().sign({ ...relays.pass, kind: 'query' }, { ...request, deadline });
      expect(await ask(notes.make, read, deadline)).toBe('unauthenticated');
    });

    it('believes no signature that was made for another call, caller, request or time', async () => {
      const deadline = Date.now() + 5_000;
      const own = signer().sign(notes.get, { ...request, deadline });
      expect(await ask(notes.make, own, deadline)).toBe('unauthenticated');
      const other = encodeCaller({ ...aUser('user_2'), scopes: ['admin'] });
      for (const more of [{ encodedCaller: other }, { requestId: 'another' }, { actAs: id }])
        expect(await ask(notes.get, own, deadline, more)).toBe('unauthenticated');
      expect(await ask(notes.get, own, deadline + 60_000)).toBe('unauthenticated');
      for (const forged of ['', own.replace('content=', 'authz='), `content=${'A'.repeat(43)}`])
        expect(await ask(notes.get, forged, deadline)).toBe('unauthenticated');
    });
  });

  it('survives input that is not JSON, and a message that is none of calls', async () => {
    const envelope = { requestId: 'a-request', deadline: Date.now() + 5_000 };
    const broken = outgoing(['0', ...writeEnvelope(envelope)], 'not json');
    expect(await asked(notes.wipe, [broken])).toEqual(['internal']);
    for (const none of ['', 'no', 'none of calls', Buffer.from([255, 255, 255, 255, 65])])
      authz.bus.connection.publish(notes.wipe.subject, none);
    expect(await gateway.as().call(notes.get, { id })).toMatchObject({ id });
  });

  it('answers each of many calls that were made at once, whatever becomes of the others', async () => {
    const user = gateway.as(aUser('user_1'));
    const ended = await Promise.all(
      Array.from({ length: 200 }, async (_, at) => {
        if (at % 3 === 0) return (await user.call(notes.get, { id })).text;
        if (at % 3 === 1) return (await user.failure(notes.get, { id: id.replace('0', '1') })).code;
        return (await user.failure(notes.make, { text: 'x'.repeat(51 + at) })).code;
      }),
    );
    ended.forEach((each, at) => expect(each).toBe(['user_1', 'not_found', 'validation_failed'][at % 3]));
  });

  it('shares out calls and answers that are too much for one message', async () => {
    // 60 callers, or 60 answers, of this length are more than the bus carries at once.
    const user = gateway.as(aUser('u'.repeat(90_000)));
    const found = await Promise.all(Array.from({ length: 60 }, () => user.call(notes.get, { id })));
    expect(new Set(found.map(({ text }) => text.length))).toEqual(new Set([90_000]));
  });

  it('tells at once that an answer is too long, and gives those beside it', async () => {
    const user = gateway.as(aUser('user_1'));
    const [found, tooLong, again] = await Promise.all([
      user.call(notes.get, { id }),
      user.failure(notes.get, { id: huge }),
      user.call(notes.get, { id }),
    ]);
    expect([found.id, tooLong.kind, again.id]).toEqual([id, 'internal', id]);
  });

  it('answers each part of one message', async () => {
    const envelope = { requestId: 'a-request', deadline: Date.now() + 5_000 };
    const many = Array.from({ length: mostParts }, (_, at) =>
      outgoing([String(at), ...writeEnvelope(envelope)], JSON.stringify({ id })),
    );
    const failures = await asked(notes.get, many);
    expect(failures).toEqual(many.map(() => 'unauthenticated'));
  });

  it('answers at once when nobody serves the call, and not after the deadline', async () => {
    expect((await gateway.as().failure(nobody.get, { id })).kind).toBe('unavailable');
    const late = await gateway.as().failure(notes.get, { id }, { deadline: Date.now() - 1 });
    expect(late.kind).toBe('timeout');
  });

  it('lets a handler do nothing more in a transaction whose caller has left', async () => {
    const left = await gateway
      .as(aUser('user_1'))
      .failure(notes.make, { text: 'a', fault: 'late' }, { deadline: Date.now() + 150 });
    expect(left.kind).toBe('timeout');
    await settle(() => lateHandlerEnded);
    expect(statementsAfterDeadline).toBe(0);
  });

  it('cannot write through the reading handle', async () => {
    expect((await failureOf(authz.call(notes.wipe, { id }))).kind).toBe('internal');
  });

  it('shows itself to NATS micro discovery', async () => {
    const admin = await asService(infra, 'gateway');
    const reply = `${answerInbox(admin.bus.inboxPrefix, 'content')}.ping`;
    const asked = { timeout: 2_000, noMux: true, reply };
    const pong = await admin.bus.connection.request('$SRV.PING.content', '', asked);
    expect(pong.json()).toMatchObject({ type: 'io.nats.micro.v1.ping_response', name: 'content' });
    await admin.close();
  });

  it('publishes what was committed, and only that', async () => {
    const heard: string[] = [];
    const listener = await asService(infra, 'authz');
    listener.bus.connection.subscribe('event.content.>', {
      callback: (_, message) => void heard.push(message.json<{ requestid: string }>().requestid),
    });
    await listener.bus.connection.flush();
    await gateway
      .as(aUser('user_1'))
      .failure(notes.make, { text: 'a', fault: 'declared' }, { requestId: 'request-rolled-back' });
    await gateway.as(aUser('user_1')).call(notes.make, { text: 'a' }, { requestId: 'request-committed' });
    await settle(() => heard.includes('request-committed'));
    expect(heard).not.toContain('request-rolled-back');
    await listener.close();
  });
});
