import type { QueryResultRow } from 'pg';
import { ActionTable } from '@erato/policy/actions';
import { readCeiling } from '@erato/policy/ceiling';
import { holdsScope, type Caller } from '@erato/contracts/kit/context';
import { statement, type Statement } from '@erato/platform/database/statement';

/** Whatever reads rows: `Db`, or `Tx` where the answer must hold until the end of a transaction. */
export interface Reader {
  row<R extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<R | null>;
  rows<R extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<R[]>;
}

/** What a caller is to an organization: an administrator of Erato, one of its admins, someone in it, or nothing. */
export type Standing = 'administrator' | 'admin' | 'member' | null;

const actions = new ActionTable();

export const isAdministrator = (caller: Caller): boolean => holdsScope(caller.scopes, 'admin');

/** Whether the caller is this user himself, with a session or a key of his own. */
export const isSelf = (caller: Caller, userId: string): boolean =>
  caller.subjectType === 'user' && caller.subjectId === userId;

/** Whether a key's ceiling leaves this (authz.md, An API key's ceiling); true where there is none. */
export function ceilingAllows(caller: Caller, type: string, id: string, action: string): boolean {
  const number = actions.number(action);
  if (!caller.ceiling) return true;
  return number !== undefined && readCeiling(caller.ceiling, [[{ type, id }]], actions, number).allowed;
}

const membership = statement(`
  SELECT m.role_slug AS role, coalesce(o.home, false) AS home
  FROM organization_memberships m LEFT JOIN organizations o ON o.workos_org_id = m.organization_id
  WHERE m.user_id = $1 AND m.organization_id = $2 AND m.status = 'active'`);

const isHome = statement('SELECT home FROM organizations WHERE workos_org_id = $1');

/** A role in the home organization gives no standing there: it grants nothing (identity.md, Tables). */
export async function standingIn(reader: Reader, caller: Caller, organizationId: string): Promise<Standing> {
  if (isAdministrator(caller)) return 'administrator';
  if (caller.subjectType === 'organization' && caller.subjectId === organizationId) {
    const found = await reader.row<{ home: boolean }>(isHome, [organizationId]);
    return found ? (found.home ? 'member' : 'admin') : null;
  }
  if (caller.subjectType !== 'user') return null;
  const found = await reader.row<{ role: string; home: boolean }>(membership, [
    caller.subjectId,
    organizationId,
  ]);
  if (!found) return null;
  return found.role === 'admin' && !found.home ? 'admin' : 'member';
}

export const manages = (standing: Standing): boolean => standing === 'administrator' || standing === 'admin';
