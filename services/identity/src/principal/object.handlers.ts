import type { Handlers } from '@erato/contracts/kit/call';
import { identityObjects, type DescribeObjects } from '@erato/contracts/authz/describe';
import type { ObjectDescription } from '@erato/contracts/authz/object-description';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Serves } from '@erato/platform/transport/serves';
import { organizationObject } from '../organization/organization-view.js';

const versions = statement(
  'SELECT workos_org_id AS id, version FROM organizations WHERE workos_org_id = ANY($1::text[])',
);

/** What authorization must know of the objects that identity owns: organizations. */
@Serves(identityObjects)
export class ObjectHandlers implements Handlers<typeof identityObjects> {
  constructor(private readonly db: Db) {}

  async describe({ objects }: DescribeObjects): Promise<ObjectDescription[]> {
    const ids = objects.filter(({ type }) => type === 'organization').map(({ id }) => id);
    const rows = await this.db.rows<{ id: string; version: number }>(versions, [ids]);
    return rows.map(({ id, version }) => organizationObject(id, version));
  }
}
