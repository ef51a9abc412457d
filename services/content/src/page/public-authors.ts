import { Injectable } from '@nestjs/common';
import type { Author } from '@erato/contracts/content/author';
import type { PageAuthor } from '@erato/contracts/content/page';
import { profiles, type PublicName } from '@erato/contracts/identity/profile';
import type { Context } from '@erato/contracts/kit/context';
import { Failure } from '@erato/contracts/kit/failure';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import { Policy } from '@erato/policy/client/policy';
import { workspaceTarget } from '../access/targets.js';
import { WorkspaceReads } from '../workspace/workspace.reads.js';

/** A page waits no longer for the names of users, in milliseconds: without them it is still the page. */
const patienceMs = 1_000;

/** Names authors on pages: those whom everybody may see. */
@Injectable()
export class PublicAuthors {
  constructor(
    private readonly workspaces: WorkspaceReads,
    private readonly policy: Policy,
    private readonly bus: BusCaller,
  ) {}

  async among(context: Context, authors: readonly Author[]): Promise<PageAuthor[]> {
    const of = (type: Author['authorType']): string[] =>
      authors.filter(({ authorType }) => authorType === type).map(({ authorId }) => authorId);
    const [workspaces, users] = await Promise.all([
      this.#readable(context, of('workspace')),
      this.#named(context, of('user')),
    ]);
    return authors.flatMap(({ authorType, authorId, role }) => {
      const found = (authorType === 'workspace' ? workspaces : users).get(authorId);
      return found ? [{ ...found, role }] : [];
    });
  }

  /** A resource may be open where one of its author workspaces is not: that one's name is nobody's business. */
  async #readable(context: Context, ids: readonly string[]): Promise<Map<string, Omit<PageAuthor, 'role'>>> {
    const found = [...(await this.workspaces.findAll(ids)).values()];
    const allowed = await this.policy.allows(context, 'read', found.map(workspaceTarget));
    return new Map(
      found
        .filter((_, at) => allowed[at])
        .map(({ id, name, slug, kind, avatarUrl, themeConfig }) => [
          id,
          { type: 'workspace', id, name, slug, kind, avatarUrl, themeConfig },
        ]),
    );
  }

  async #named(context: Context, ids: readonly string[]): Promise<Map<string, Omit<PageAuthor, 'role'>>> {
    const found = ids.length === 0 ? [] : await this.#profiles(context, [...ids]);
    return new Map(found.map((user) => [user.userId, userAuthor(user)]));
  }

  async #profiles(context: Context, userIds: string[]): Promise<readonly PublicName[]> {
    const about = ownContext({ ...context, timeoutMs: patienceMs });
    try {
      return await this.bus.call(profiles.find, { userIds }, about);
    } catch (error) {
      if (error instanceof Failure && (error.kind === 'unavailable' || error.kind === 'timeout')) return [];
      throw error;
    }
  }
}

const userAuthor = ({ userId, handle, displayName, avatarUrl }: PublicName): Omit<PageAuthor, 'role'> => ({
  ...{ type: 'user', id: userId, name: displayName ?? `@${handle}`, avatarUrl },
  ...{ slug: null, kind: null, themeConfig: null },
});
