import type { ActionRow } from '../src/actions.js';
import { objectKey, type ObjectFacts, type PathElement } from '../src/facts.js';
import type { World } from './world.js';

/** What the reference answers: enough to compare, nothing to optimise. */
export interface ReferenceAnswer {
  allowed: boolean;
  rule: string;
}

const builtIn: Record<string, string[]> = {
  create: ['create'],
  read: ['read'],
  update: ['update', 'read'],
  delete: ['delete', 'read'],
  publish: ['publish', 'read'],
  write: ['create', 'read', 'update'],
  manage: ['create', 'read', 'update', 'delete'],
};

/**
 * The decision of authz.md, sentence by sentence, on rows as they are stored, level by level and without any index:
 * slow and plain, to be compared with the one that serves.
 */
export function reference(world: World): ReferenceAnswer {
  const parts = { write: ['create', 'read', 'update'], manage: ['create', 'read', 'update', 'delete'] };
  const asked = world.action === 'write' || world.action === 'manage' ? parts[world.action] : [world.action];
  const answers = asked.map((action) => one({ ...world, action }));
  return (
    answers.find((answer) => !answer.allowed) ?? answers.at(-1) ?? { allowed: false, rule: 'nothing asked' }
  );
}

function one(world: World): ReferenceAnswer {
  // 1. A caller with scope `admin` may.
  if (world.caller.scopes.includes('admin')) return { allowed: true, rule: 'administrator' };
  // 2. What an API key's scopes and ceiling leave out is denied.
  if (!withinScopes(world) || !withinCeiling(world)) return { allowed: false, rule: 'ceiling' };
  // 3. The owner of an element of the path may.
  if (world.path.flat().some((element) => owns(world, element))) return { allowed: true, rule: 'owner' };
  // 4. Levels, in this order.
  for (const level of ['user', 'team', 'organization', 'static']) {
    // In the level `static` the audiences speak one after the other over the whole path.
    const voices = level === 'static' ? ['subscriber', 'follower', 'authenticated', 'guest'] : [level];
    for (const voice of voices) {
      for (const group of world.path) {
        const said = group.flatMap((element) => whatIsSaid(world, voice, element));
        // explicit deny beats explicit allow beats a role's grant
        if (said.includes('deny')) return { allowed: false, rule: level };
        if (said.includes('allow') || said.includes('role')) return { allowed: true, rule: level };
      }
    }
  }
  // 5. What the owning service states for that object; else no.
  // A user author may read and update (content.md).
  const { subjectType, subjectId } = world.caller;
  const author = subjectType === 'user' && (world.authors ?? []).includes(subjectId);
  const stated = author ? [...world.everyone, 'read', 'update'] : world.everyone;
  return { allowed: allowedBy(stated, world), rule: 'default' };
}

function withinScopes({ scope, caller }: World): boolean {
  if (scope === undefined || caller.subjectType === 'guest') return true;
  const [family, kind] = scope.split(':');
  const enough = kind === 'read' ? [`${family ?? ''}:read`, `${family ?? ''}:write`] : [scope];
  return enough.some((held) => caller.scopes.includes(held));
}

function withinCeiling(world: World): boolean {
  const { ceiling } = world.caller;
  if (ceiling === undefined) return true;
  const entriesFor = (element: PathElement): { actions: readonly string[]; ids?: readonly string[] }[] =>
    Object.entries(ceiling)
      .filter(([type, { ids }]) => type === element.type && (ids === undefined || ids.includes(element.id)))
      .map(([, entry]) => entry);
  const nearest = world.path.map((group) => group.flatMap(entriesFor)).find((entries) => entries.length > 0);
  return nearest?.some((entry) => allowedBy(entry.actions, world)) ?? false;
}

function owns(world: World, element: PathElement): boolean {
  const { subjectType, subjectId } = world.caller;
  // A key of a workspace or harbor is the owner of exactly that and what lies below.
  if (subjectType === 'workspace' || subjectType === 'harbor') {
    if (element.type !== subjectType || element.id !== subjectId) return false;
    if (element.ownerCounts !== false) return true;
    // On a resource only its own owner counts, for whom the key stands where he owns the workspace too.
    const [object] = world.path[0] ?? [];
    const { owner } = world.principals;
    return !!owner && object?.ownerType === owner.type && object.ownerId === owner.id;
  }
  // On a resource only its own owner counts here, not the owners of its authors.
  if (element.ownerCounts === false) return false;
  if (element.ownerType === 'user' && subjectType === 'user' && element.ownerId === subjectId) return true;
  const administered = administeredBy(world);
  if (element.ownerType === 'organization' && administered.includes(element.ownerId ?? '')) return true;
  if (element.type === 'organization' && administered.includes(element.id)) return true;
  return rowsOn(world, element).assignments.some((row) => {
    if (!row.isOwner || isOver(row.expiresAt, world)) return false;
    if (row.subjectType === 'user') return subjectType === 'user' && row.subjectId === subjectId;
    if (row.subjectType === 'team') return teamsOf(world).includes(row.subjectId);
    return administered.includes(row.subjectId);
  });
}

function administeredBy({ caller, principals }: World): string[] {
  // a key of an organization is its admin
  if (caller.subjectType === 'organization') return [caller.subjectId];
  if (caller.subjectType !== 'user') return [];
  return principals.organizations
    .filter((membership) => membership.isAdmin)
    .map((membership) => membership.id);
}

function teamsOf({ caller, principals }: World): string[] {
  if (caller.subjectType === 'team') return [caller.subjectId];
  return caller.subjectType === 'user' ? [...principals.teams] : [];
}

function organizationsOf({ caller, principals }: World): string[] {
  if (caller.subjectType === 'organization') return [caller.subjectId];
  const people = caller.subjectType === 'user' || caller.subjectType === 'team';
  return people ? principals.organizations.map((membership) => membership.id) : [];
}

/** What one voice says about the action on one element: any of deny, allow, role. */
function whatIsSaid(world: World, voice: string, element: PathElement): string[] {
  const objectType = world.path[0]?.[0]?.type ?? '';
  const isMe = (row: { subjectType: string; subjectId: string }): boolean => {
    if (row.subjectType === 'static') {
      return row.subjectId === voice && belongsTo(world, voice, element);
    }
    if (row.subjectType !== voice) return false;
    if (voice === 'user')
      return world.caller.subjectType === 'user' && row.subjectId === world.caller.subjectId;
    return (voice === 'team' ? teamsOf(world) : organizationsOf(world)).includes(row.subjectId);
  };
  const { permissions, assignments } = rowsOn(world, element);
  const said: string[] = [];
  for (const row of permissions) {
    // `unset` and an expired row are as if not there
    if (row.value === 'unset' || isOver(row.expiresAt, world) || !isMe(row)) continue;
    if (row.value === 'deny' && deniedBy(row.action, world.action)) said.push('deny');
    if (row.value === 'allow' && allowedBy([row.action], world)) said.push('allow');
  }
  for (const row of assignments) {
    if (isOver(row.expiresAt, world) || !isMe(row)) continue;
    if (allowedBy(row.grants[objectType] ?? [], world)) said.push('role');
  }
  // a member's role in an organization speaks at the level `organization`
  if (voice === 'organization' && element.type === 'organization' && world.caller.subjectType === 'user') {
    for (const membership of world.principals.organizations) {
      if (membership.id !== element.id) continue;
      if (allowedBy(membership.grants?.[objectType] ?? [], world)) said.push('role');
    }
  }
  return said;
}

function belongsTo({ caller, principals, path }: World, audience: string, element: PathElement): boolean {
  if (audience === 'guest') return true;
  // a guest is nothing else
  if (caller.subjectType === 'guest') return false;
  if (audience === 'authenticated') return true;
  const of = principals.audiences.filter((one) => one.audience === audience).map((one) => one.workspaceId);
  if (element.type === 'workspace') return of.includes(element.id);
  return path.flat().some(({ type, id }) => type === 'workspace' && of.includes(id));
}

function rowsOn(world: World, element: PathElement): Omit<ObjectFacts, 'revision'> {
  return world.rows[objectKey(element)] ?? { permissions: [], assignments: [] };
}

function isOver(expiresAt: number | null, { now }: World): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** An allow of an action allows what it implies. */
function allowedBy(listed: readonly string[], { action, actions }: World): boolean {
  return listed.some((slug) => implied(slug, actions, []).includes(action));
}

function implied(slug: string, actions: readonly ActionRow[], seen: readonly string[]): string[] {
  if (seen.includes(slug)) return [];
  // `admin`, which implies all
  if (slug === 'admin') return [...Object.keys(builtIn), 'admin', ...actions.map((row) => row.slug)];
  if (builtIn[slug]) return builtIn[slug];
  const row = actions.find((one) => one.slug === slug);
  return row ? [slug, ...row.implies.flatMap((next) => implied(next, actions, [...seen, slug]))] : [];
}

/** `deny write` denies create and update, `deny manage` create, update and delete, `deny read` and `deny admin` all. */
function deniedBy(denied: string, action: string): boolean {
  if (denied === 'read' || denied === 'admin') return true;
  if (denied === 'write') return ['create', 'update'].includes(action);
  if (denied === 'manage') return ['create', 'update', 'delete'].includes(action);
  return denied === action;
}
