import { Injectable } from '@nestjs/common';
import type { DecisionSubject } from '@erato/contracts/authz/decision';
import type { ObjectRef } from '@erato/contracts/authz/object-description';
import { contentAccess } from '@erato/contracts/content/access';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import type { Credential } from '../credential/credentials.js';

/** The most viewers of one message. */
const most = 100;

interface Asked {
  readonly viewer: DecisionSubject;
  readonly answers: { resolve: (allowed: boolean) => void; reject: (cause: unknown) => void }[];
}

/**
 * Asks the owning service who may read an object now. Questions of one turn about one object travel together, and those of one
 * caller are one.
 */
@Injectable()
export class Reading {
  #due = new Map<string, { object: ObjectRef; asked: Map<string, Asked> }>();

  constructor(private readonly bus: BusCaller) {}

  mayRead(who: Credential, object: ObjectRef): Promise<boolean> {
    if (this.#due.size === 0) setImmediate(() => this.#askAll());
    const key = `${object.type}:${object.id}`;
    const due = this.#due.get(key) ?? { object, asked: new Map<string, Asked>() };
    this.#due.set(key, due);
    const { subjectType, subjectId, scopes, ceiling } = who.caller;
    const viewer = { subjectType, subjectId, scopes: [...scopes], ...(ceiling ? { ceiling } : {}) };
    const asked = due.asked.get(who.encoded) ?? { viewer, answers: [] };
    due.asked.set(who.encoded, asked);
    return new Promise((resolve, reject) => asked.answers.push({ resolve, reject }));
  }

  #askAll(): void {
    const due = [...this.#due.values()];
    this.#due = new Map();
    for (const { object, asked } of due) {
      const all = [...asked.values()];
      for (let at = 0; at < all.length; at += most) void this.#ask(object, all.slice(at, at + most));
    }
  }

  async #ask(object: ObjectRef, asked: readonly Asked[]): Promise<void> {
    try {
      const viewers = asked.map(({ viewer }) => viewer);
      const { verdicts } = await this.bus.call(contentAccess.decide, { object, viewers }, ownContext());
      for (const [at, { answers }] of asked.entries())
        for (const { resolve } of answers) resolve(verdicts[at]?.allowed ?? false);
    } catch (cause) {
      for (const { answers } of asked) for (const { reject } of answers) reject(cause);
    }
  }
}
