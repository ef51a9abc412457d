import type { FactAssignment, FactObject, FactPermission } from '@erato/contracts/authz/facts';
import type { ActionTable } from '@erato/policy/actions';
import { audiences, isAudience, strength, voiceOf } from '@erato/policy/precedence';
import { listedActions, type Kind, type ListedAction } from './viewer.js';

/** What a row says about an action on objects of a kind, by its strength; 0 where it says nothing. */
type Says = Readonly<Record<`${Kind}_${ListedAction}`, number>>;

/** A row of permissions as lists need it in SQL. */
export interface AccessRow extends Says {
  readonly objectType: string;
  readonly objectId: string;
  readonly rowId: string;
  readonly subjectKey: string;
  /** The place of its voice in the order of authz.md, rule 4. */
  readonly rank: number;
  readonly roleId: string | null;
  readonly isOwner: boolean;
  readonly expiresAt: Date | null;
}

const kinds: readonly Kind[] = ['resource', 'workspace'];

/** 1 a role's grant, 2 allow, 3 deny: the strengths of policy, moved so that 0 is silence. */
const spoken = (by: keyof typeof strength): number => strength[by] + 1;

/** The rows on one object. Those that say nothing now are kept too: a role or an action may come to mean more. */
export function accessRowsOf(object: FactObject, actions: ActionTable): AccessRow[] {
  const { type: objectType, id: objectId } = object;
  return [
    ...object.permissions.flatMap((row) => {
      const rank = rankOf(row);
      if (row.value === 'unset' || rank === null) return [];
      return [
        {
          ...{ objectType, objectId, rank, rowId: row.id, roleId: null, isOwner: false },
          subjectKey: `${row.subjectType}:${row.subjectId}`,
          expiresAt: timeOf(row.expiresAt),
          ...saidBy((_, action) => permissionSays(row, action, actions)),
        },
      ];
    }),
    ...object.assignments.map((row) => ({
      ...{ objectType, objectId, rowId: row.id, roleId: row.roleId, isOwner: row.isOwner },
      rank: voiceOf[row.subjectType],
      subjectKey: `${row.subjectType}:${row.subjectId}`,
      expiresAt: timeOf(row.expiresAt),
      ...saidBy((kind, action) => roleSays(row, kind, action, actions)),
    })),
  ];
}

function rankOf({ subjectType, subjectId }: FactPermission): number | null {
  if (subjectType !== 'static') return voiceOf[subjectType];
  return isAudience(subjectId) ? voiceOf.static + audiences.indexOf(subjectId) : null;
}

const timeOf = (at: number | null): Date | null => (at === null ? null : new Date(at));

function saidBy(says: (kind: Kind, action: ListedAction) => number): Says {
  return Object.fromEntries(
    kinds.flatMap((kind) => listedActions.map((action) => [`${kind}_${action}`, says(kind, action)])),
  ) as Says;
}

function permissionSays(row: FactPermission, asked: ListedAction, actions: ActionTable): number {
  const [said, about] = [actions.number(row.action), actions.number(asked)];
  if (said === undefined || about === undefined || row.value === 'unset') return 0;
  const speaks = (row.value === 'deny' ? actions.denies : actions.allows)[said]?.[about] === 1;
  return speaks ? spoken(row.value) : 0;
}

function roleSays(row: FactAssignment, kind: Kind, asked: ListedAction, actions: ActionTable): number {
  const about = actions.number(asked);
  return about !== undefined && actions.grants(row.grants).get(kind)?.[about] === 1 ? spoken('role') : 0;
}
