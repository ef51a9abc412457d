import type { ActionRow } from '../src/actions.js';
import type {
  Assignment,
  AudienceMembership,
  Caller,
  Ceiling,
  Membership,
  Path,
  PathElement,
  PermissionRow,
  SubjectType,
} from '../src/facts.js';
import { systemRoles } from '../src/system-roles.js';
import type { World } from './world.js';

/** One line of a table of cases: a sentence of authz.md, a question, the answer. */
export interface Case {
  name: string;
  world: World;
  allowed: boolean;
  /** The deciding rule; of the level `static` the audience. */
  by: string;
}

const now = 1_000_000;

/** The first letter of an id says its type. */
const types: Record<string, string> = {
  u: 'user',
  t: 'team',
  o: 'organization',
  w: 'workspace',
  r: 'resource',
  c: 'collection',
  s: 'artist_space',
  p: 'project',
  k: 'track',
  f: 'file',
  n: 'comment',
  h: 'harbor',
  b: 'blueprint',
  x: 'content',
  a: 'asset',
  l: 'workflow',
  g: 'setting',
  m: 'member',
};

/**
 * Reads a table. A case is two lines, its name and, indented,
 *
 *     <who> [of <owner of the key's workspace>] [in <team> | member|viewer|admin|nobody of <organization> | follows|subscribes <workspace> | scopes <a,b> | ceiling <json>]… |
 *     <fact>; <fact>; … | <action> <object> = yes|no <rule>
 *
 * (on one line). Facts: `u1 deny update r1 [expired|later]`, `u1 is workspace/editor of w1 [expired|later]`, `u1 owns w1`
 * (an `is_owner` assignment), `path r1(u1) < w1(-o2) w2 < o1` (owner in brackets, `-` where it does not count),
 * `default read`, `authors u1 u2`, `action feature implies read`, `scope resources:write`. `#` begins a remark.
 */
export function casesOf(table: string): Case[] {
  const cases: Case[] = [];
  let name = '';
  for (const line of table.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    if (!line.startsWith(' ')) name = line.trim();
    else cases.push(caseOf(name, line.trim()));
  }
  return cases;
}

function caseOf(name: string, line: string): Case {
  const [who = '', facts = '', question = ''] = line.split(' | ').map((part) => part.trim());
  const match = /^(\S+) (\S+) = (yes|no) (\S+)$/.exec(question);
  if (!match) throw new SyntaxError(`no question in "${line}"`);
  const [, action = '', object = '', verdict, by = ''] = match;
  const path: Path = [[{ type: typeOf(object), id: object }]];
  const world: Draft = { ...subjectOf(who), action, path, rows: {}, actions: [], everyone: [], now };
  for (const fact of facts.split(';').map((one) => one.trim())) {
    if (fact !== '' && fact !== 'nothing') addFact(world, fact);
  }
  return { name, world, allowed: verdict === 'yes', by };
}

interface Draft extends World {
  rows: Record<string, { permissions: PermissionRow[]; assignments: Assignment[] }>;
  actions: ActionRow[];
}

function subjectOf(text: string): Pick<World, 'caller' | 'principals'> {
  const [id = '', ...words] = text.split(' ');
  const teams: string[] = [];
  const organizations: Membership[] = [];
  const audiences: AudienceMembership[] = [];
  let ownerId: string | undefined;
  let scopes: string[] = [];
  let ceiling: Ceiling | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const next = (): string => words[++at] ?? '';
    if (word === 'in') teams.push(next());
    else if (word === 'follows') audiences.push({ audience: 'follower', workspaceId: next() });
    else if (word === 'of') ownerId = next();
    else if (word === 'subscribes') audiences.push({ audience: 'subscriber', workspaceId: next() });
    else if (word === 'scopes') scopes = next().split(',');
    else if (word === 'ceiling') ceiling = JSON.parse(next()) as Ceiling;
    else if (next() === 'of') organizations.push(membershipOf(word, next()));
    else throw new SyntaxError(`"${word}" of "${text}"`);
  }
  const subjectType: SubjectType = id === 'guest' ? 'guest' : (typeOf(id) as SubjectType);
  const caller: Caller = { subjectType, subjectId: id, scopes, ...(ceiling && { ceiling }) };
  const owner = ownerId === undefined ? null : { type: ownerTypeOf(ownerId), id: ownerId };
  return { caller, principals: { revision: 1, owner, teams, organizations, audiences } };
}

function membershipOf(slug: string, id: string): Membership {
  const role = systemRoles.find((one) => one.scopeType === 'organization' && one.slug === slug);
  return { id, roleSlug: slug, grants: role?.grants ?? null, isAdmin: slug === 'admin' };
}

function addFact(world: Draft, fact: string): void {
  const words = fact.split(' ');
  const [first = '', second = '', third = '', fourth = '', fifth] = words;
  if (first === 'default') world.everyone = words.slice(1);
  else if (first === 'authors') world.authors = words.slice(1);
  else if (first === 'scope') world.scope = second;
  else if (first === 'path') world.path = pathOf(fact.slice('path '.length));
  else if (first === 'action') world.actions.push({ slug: second, implies: words.slice(3) });
  else if (second === 'is') {
    const [scope = '', slug = ''] = third.split('/');
    addAssignment(world, first, { scope, slug, on: words[4] ?? '', isOwner: false, ends: words[5] });
  } else if (second === 'owns') {
    addAssignment(world, first, {
      scope: 'harbor',
      slug: 'viewer',
      on: third,
      isOwner: true,
      ends: fourth || undefined,
    });
  } else addPermission(world, [first, second, third, fourth, fifth]);
}

function addPermission(
  world: Draft,
  [who = '', value = '', action = '', on = '', ends]: (string | undefined)[],
): void {
  if (value !== 'allow' && value !== 'deny' && value !== 'unset')
    throw new SyntaxError(`"${value}" of a row`);
  const isStatic = ['guest', 'authenticated', 'follower', 'subscriber'].includes(who);
  const subjectType = isStatic ? 'static' : (typeOf(who) as PermissionRow['subjectType']);
  const { permissions } = rowsOn(world, on);
  const id = `${on}/${permissions.length}`;
  permissions.push({ id, subjectType, subjectId: who, action, value, expiresAt: endOf(ends) });
}

function addAssignment(
  world: Draft,
  who: string,
  {
    scope,
    slug,
    on,
    isOwner,
    ends,
  }: { scope: string; slug: string; on: string; isOwner: boolean; ends: string | undefined },
): void {
  const role = systemRoles.find((one) => one.scopeType === scope && one.slug === slug);
  if (!role) throw new SyntaxError(`no role ${scope}/${slug}`);
  const { assignments } = rowsOn(world, on);
  assignments.push({
    id: `${on}/role${assignments.length}`,
    roleId: `${scope}/${slug}`,
    roleSlug: slug,
    grants: role.grants,
    subjectType: typeOf(who) as Assignment['subjectType'],
    subjectId: who,
    isOwner,
    expiresAt: endOf(ends),
  });
}

function rowsOn(world: Draft, id: string): Draft['rows'][string] {
  return (world.rows[`${typeOf(id)}:${id}`] ??= { permissions: [], assignments: [] });
}

function pathOf(text: string): Path {
  return text.split(' < ').map((group) => group.split(' ').map(elementOf));
}

function elementOf(text: string): PathElement {
  const match = /^(\w+)(?:\((-?)(\w*)\))?$/.exec(text);
  const [, id = '', minus = '', ownerId = ''] = match ?? [];
  if (id === '') throw new SyntaxError(`"${text}" in a path`);
  return {
    type: typeOf(id),
    id,
    ...(ownerId !== '' && {
      ownerType: ownerTypeOf(ownerId),
      ownerId,
    }),
    ...(minus !== '' && { ownerCounts: false }),
  };
}

function endOf(word: string | undefined): number | null {
  const ends = { expired: now - 1, now, later: now + 1 };
  if (word === undefined) return null;
  if (word !== 'expired' && word !== 'now' && word !== 'later') throw new SyntaxError(`"${word}" is no end`);
  return ends[word];
}

const ownerTypeOf = (id: string): 'user' | 'organization' =>
  typeOf(id) === 'user' ? 'user' : 'organization';

function typeOf(id: string): string {
  const type = types[id.charAt(0)];
  if (type === undefined) throw new SyntaxError(`"${id}" has no type`);
  return type;
}
