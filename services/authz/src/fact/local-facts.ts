import { Injectable } from '@nestjs/common';
import type { FetchedFacts, FetchFacts } from '@erato/contracts/authz/facts';
import { Db } from '@erato/platform/database/db';
import type { FactsSource } from '@erato/policy/client/facts-source';
import { objectKey } from '@erato/policy/facts';
import { FreshPrincipals } from '../principal/fresh-principals.js';
import { readFacts } from './fact-rows.js';

/** The facts as this service has them: for others over the bus, and for its own decisions. */
@Injectable()
export class LocalFacts implements FactsSource {
  constructor(
    private readonly db: Db,
    private readonly fresh: FreshPrincipals,
  ) {}

  /**
   * A user of whom nothing was ever heard is asked about first: no principals is an answer, not knowing them is none.
   * With `fresh` all users are asked about; where identity is away, what was heard of them stands.
   *
   * @throws Failure `unavailable`
   */
  async fetch(request: FetchFacts, limits: { requestId: string; deadline: number }): Promise<FetchedFacts> {
    const users = request.subjects.filter(({ type }) => type === 'user').map(({ id }) => id);
    if (request.fresh && users.length > 0) await this.fresh.learn(users, limits).catch(() => undefined);
    const { facts, known } = await readFacts(this.db, request);
    const unknown = users.filter((id) => !known.has(objectKey({ type: 'user', id })));
    if (unknown.length === 0 || request.fresh) return facts;
    await this.fresh.learn(unknown, limits);
    return (await readFacts(this.db, request)).facts;
  }
}
