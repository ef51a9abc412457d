import { Injectable } from '@nestjs/common';
import type { FetchedFacts, FetchFacts } from '@erato/contracts/authz/facts';
import { Db } from '@erato/platform/database/db';
import type { FactsSource } from '@erato/policy/client/facts-source';
import { objectKey } from '@erato/policy/facts';
import { DescribeObjects } from '../object/describe-objects.js';
import { FreshPrincipals } from '../principal/fresh-principals.js';
import { readFacts } from './fact-rows.js';

/** The facts as this service has them: for others over the bus, and for its own decisions. */
@Injectable()
export class LocalFacts implements FactsSource {
  constructor(
    private readonly db: Db,
    private readonly fresh: FreshPrincipals,
    private readonly describe: DescribeObjects,
  ) {}

  /**
   * A user of whom nothing was ever heard is asked about first: no principals is an answer, not knowing them is none. So
   * is a workspace whose key calls, for whom it stands. With `fresh` all users are asked about; where identity is away,
   * what was heard of them stands.
   *
   * @throws Failure `unavailable`
   */
  async fetch(request: FetchFacts, limits: { requestId: string; deadline: number }): Promise<FetchedFacts> {
    const named = (of: 'user' | 'workspace'): string[] =>
      request.subjects.filter(({ type }) => type === of).map(({ id }) => id);
    const [users, workspaces] = [named('user'), named('workspace')];
    if (request.fresh && users.length > 0) await this.fresh.learn(users, limits).catch(() => undefined);
    const { facts, known } = await readFacts(this.db, request);
    const unknown = (of: 'user' | 'workspace', ids: readonly string[]): string[] =>
      ids.filter((id) => !known.has(objectKey({ type: of, id })));
    const newcomers = request.fresh ? [] : unknown('user', users);
    const keys = unknown('workspace', workspaces).map((id) => ({ type: 'workspace', id }));
    if (newcomers.length + keys.length === 0) return facts;
    if (newcomers.length > 0) await this.fresh.learn(newcomers, limits);
    if (keys.length > 0) await this.describe.ask(keys, limits);
    return (await readFacts(this.db, request)).facts;
  }
}
