import { Injectable } from '@nestjs/common';
import {
  actionChanged,
  objectChanged,
  roleChanged,
  subjectChanged,
  type ActionChanged,
  type ObjectChanged,
  type RoleChanged,
  type SubjectChanged,
} from '@erato/contracts/authz/events';
import type { CloudEvent } from '@erato/contracts/kit/event';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import type { EventHandler } from '@erato/platform/events/handler';
import { Projection } from './projection.js';

const heard = statement('UPDATE access_heard SET revision = greatest(revision, $1)');
const again = `ON CONFLICT (object_type, object_id) DO UPDATE SET revision = greatest(access_stale.revision, excluded.revision)`;
const mark = statement(
  `INSERT INTO access_stale (object_type, object_id, revision) VALUES ($1, $2, $3) ${again}`,
);
const markRole = statement(`
  INSERT INTO access_stale (object_type, object_id, revision)
  SELECT DISTINCT object_type, object_id, $2::bigint FROM access_rows WHERE role_id = $1 ${again}`);
const markAll = statement(`
  INSERT INTO access_stale (object_type, object_id, revision)
  SELECT DISTINCT object_type, object_id, $1::bigint FROM access_rows ${again}`);

/** Types of objects that stand on the path of something that content lists. */
const onPaths = new Set(['resource', 'workspace', 'organization']);

@Injectable()
abstract class OnAccessChanged<T extends { revision: number }> {
  constructor(private readonly projection: Projection) {}

  async apply(tx: Tx, { data }: CloudEvent<T>): Promise<void> {
    await this.stale(tx, data);
    await tx.run(heard, [data.revision]);
    // After the commit, which follows: the work looks again a little later in any case.
    setTimeout(this.projection.staled, 5).unref();
  }

  protected abstract stale(tx: Tx, data: T): Promise<unknown>;
}

/** Rows on an object changed: they are to be fetched. */
@Injectable()
export class OnObjectChanged extends OnAccessChanged<ObjectChanged> implements EventHandler<ObjectChanged> {
  readonly event = objectChanged;
  protected async stale(tx: Tx, { type, id, revision }: ObjectChanged): Promise<void> {
    if (onPaths.has(type)) await tx.run(mark, [type, id, revision]);
  }
}

/** What a subject is a part of is no row here; only the revision counts. */
@Injectable()
export class OnSubjectChanged
  extends OnAccessChanged<SubjectChanged>
  implements EventHandler<SubjectChanged>
{
  readonly event = subjectChanged;
  protected stale(): Promise<void> {
    return Promise.resolve();
  }
}

/** A role grants something else: wherever it is assigned. */
@Injectable()
export class OnRoleChanged extends OnAccessChanged<RoleChanged> implements EventHandler<RoleChanged> {
  readonly event = roleChanged;
  protected stale(tx: Tx, { roleId, revision }: RoleChanged): Promise<unknown> {
    return tx.run(markRole, [roleId, revision]);
  }
}

/** An action implies something else: any row may name it. */
@Injectable()
export class OnActionChanged extends OnAccessChanged<ActionChanged> implements EventHandler<ActionChanged> {
  readonly event = actionChanged;
  protected stale(tx: Tx, { revision }: ActionChanged): Promise<unknown> {
    return tx.run(markAll, [revision]);
  }
}
