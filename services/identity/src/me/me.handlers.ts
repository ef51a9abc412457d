import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { notFound, unauthenticated } from '@erato/contracts/kit/failure';
import { contentObjects } from '@erato/contracts/authz/describe';
import { ownership, type OwnerRef, type WorkspaceName } from '@erato/contracts/content/ownership';
import { me, type GetMe, type Me, type MyOrganization, type MyTeam } from '@erato/contracts/identity/me';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { BusCaller } from '@erato/platform/transport/caller';
import { Serves } from '@erato/platform/transport/serves';
import { aside } from '../aside.js';
import { HomeOrganization } from '../home/home-organization.js';
import { organizationColumns, type OrganizationEntity } from '../organization/organization.entity.js';
import { organizationView } from '../organization/organization-view.js';
import { fullUser } from '../user/user-view.js';
import { UserReads } from '../user/user.reads.js';

const organizationsOf = statement(`
  SELECT o.workos_org_id AS id, o.name, o.slug, o.avatar_url AS "avatarUrl", m.role_slug AS role, o.home
  FROM organization_memberships m JOIN organizations o ON o.workos_org_id = m.organization_id
  WHERE m.user_id = $1 AND m.status = 'active' ORDER BY o.home, o.name, o.workos_org_id LIMIT 1000`);
const teamsOf = statement(`
  SELECT t.id, t.organization_id AS "organizationId", t.name
  FROM team_users m JOIN teams t ON t.id = m.team_id WHERE m.user_id = $1 ORDER BY t.name, t.id LIMIT 1000`);
const organizationById = statement(
  `SELECT ${organizationColumns} FROM organizations o WHERE o.workos_org_id = $1`,
);

/** The caller about itself, whatever it is. */
@Serves(me)
export class MeHandlers implements Handlers<typeof me> {
  constructor(
    private readonly db: Db,
    private readonly bus: BusCaller,
    private readonly users: UserReads,
    private readonly home: HomeOrganization,
  ) {}

  async get(_: GetMe, context: Context): Promise<Me> {
    const { subjectType, subjectId } = context.caller;
    switch (subjectType) {
      case 'user':
        return this.#user(context, subjectId);
      case 'organization':
        return this.#organization(subjectId);
      case 'workspace':
        return this.#workspace(context, subjectId);
      case 'harbor':
        throw notFound({ detail: 'There are no harbors here.' });
      case 'guest':
        throw unauthenticated();
    }
  }

  async #user(context: Context, id: string): Promise<Me> {
    const user = await this.users.find(context, id);
    if (!user) throw notFound();
    const [organizations, teams, home] = await Promise.all([
      this.db.rows<MyOrganization & Record<string, unknown>>(organizationsOf, [id]),
      this.db.rows<MyTeam & Record<string, unknown>>(teamsOf, [id]),
      this.home.id(),
    ]);
    const owners: OwnerRef[] = organizations
      .filter((organization) => !organization.home)
      .map((organization) => ({ type: 'organization', id: organization.id }));
    const workspaces = await this.#workspacesOf([{ type: 'user', id }, ...owners.slice(0, 999)], context);
    return {
      subjectType: 'user',
      ...fullUser(user, context.caller.organizationId ?? home),
      organizations,
      teams,
      workspaces: [...workspaces],
      features: [],
    };
  }

  async #organization(id: string): Promise<Me> {
    const row = await this.db.row<OrganizationEntity & Record<string, unknown>>(organizationById, [id]);
    if (!row) throw notFound();
    return { subjectType: 'organization', ...organizationView(row) };
  }

  /** Content tells of a workspace to services by its owner; so it is looked for among the owner's. */
  async #workspace(context: Context, id: string): Promise<Me> {
    const objects = [{ type: 'workspace', id }];
    const [described] = await this.bus.call(contentObjects.describe, { objects }, aside(context));
    if (!described) throw notFound();
    const { ownerType: type, ownerId } = described;
    const owned = type && ownerId ? await this.#workspacesOf([{ type, id: ownerId }], context) : [];
    const named = owned.find((workspace) => workspace.id === id);
    return {
      subjectType: 'workspace',
      id,
      ...(named ? { name: named.name, slug: named.slug } : {}),
      organizationId: type === 'organization' ? ownerId : null,
    };
  }

  #workspacesOf(owners: OwnerRef[], context: Context): Promise<readonly WorkspaceName[]> {
    return this.bus.call(ownership.workspaces, { owners }, aside(context));
  }
}
