import { calls, page, query } from '../kit/call.js';
import { notFound, permissionDenied } from '../kit/failure.js';
import { Id, ListOf, Nested, OneOf, Optional, Text, Whole } from '../kit/fields.js';
import { exampleId } from './list.js';
import { ObjectRef } from './object-description.js';
import { permissionSubjects, unknownAction, unknownSubject, type PermissionSubject } from './permission.js';

const objectType = { min: 1, max: 40, pattern: /^[a-z][a-z_]*$/ };
const anyId = { min: 1, max: 64, pattern: /^[A-Za-z0-9_-]+$/ };
const action = { min: 1, max: 40, pattern: /^[a-z][a-z0-9_-]*$/ };

/**
 * A page of what decisions pick one by one: so that a page is never more than bounded work, it may hold fewer entries than
 * `limit`, or none, while `meta.after` is not null. The list has ended where `meta.after` is null, and only there.
 */
abstract class PickedList {
  /** Entries a page: 1–100, 20 when left out. */
  @Whole({ min: 1, max: 100 }) @Optional() limit?: number;
  /** The cursor of a page's end; the page behind it follows. */
  @Text({ max: 1000 }) @Optional() after?: string;
  /** The cursor of a page's beginning; the page before it follows. */
  @Text({ max: 1000 }) @Optional() before?: string;
}

export class ListAccessibleObjects extends PickedList {
  /** Of whom: `user:<id>`, `team:<id>` or `organization:<id>`; left out, the caller. */
  @Text({ min: 6, max: 80, pattern: /^(user|team|organization):[A-Za-z0-9_-]{1,64}$/ })
  @Optional()
  subject?: string;
  @Text(action) action: string;
  @Text(objectType) objectType: string;
}

export class ListAllowedSubjects extends PickedList {
  @Text(objectType) objectType: string;
  @Text(anyId) objectId: string;
  @Text(action) action: string;
  /** Only subjects of that type. */
  @OneOf(permissionSubjects) @Optional() subjectType?: PermissionSubject;
}

export type AccessWay = 'owner' | 'row' | 'role' | 'team' | 'organization' | 'audience' | 'author';
export const accessWays = ['owner', 'row', 'role', 'team', 'organization', 'audience', 'author'] as const;

/** A route by which a subject may. */
export class AccessRoute {
  /**
   * `owner` of an element; a `row` or `role` of its own; a row or role of its `team` or `organization`, or its role there; an
   * `audience` that a row or the default lets in; an `author` by default.
   */
  @OneOf(accessWays) by: AccessWay;
  /** The element of the object's path on which it stands; absent for a default. */
  @Nested(() => ObjectRef) @Optional() element?: ObjectRef;
  /** The team or organization through which it comes. */
  @Nested(() => ObjectRef) @Optional() through?: ObjectRef;
  /** Of `audience`: `guest`, `authenticated`, `follower` or `subscriber`. */
  @Text({ max: 20 }) @Optional() audience?: string;
  /** Of `owner`: `owner`, `organization-admin`, `assignment` or `key`. */
  @Text({ max: 40 }) @Optional() ownership?: string;
  @Id() @Optional() permissionId?: string;
  @Id() @Optional() assignmentId?: string;
  @Text({ max: 40 }) @Optional() role?: string;
}

/** Somebody who may, with every route by which. */
export class AllowedSubject {
  /** Of `static` the id is an audience: everybody who is one of it may, but for those whom a row of their own denies. */
  @OneOf(permissionSubjects) type: PermissionSubject;
  @Text(anyId) id: string;
  /** The one that decides first; each further one would decide if those before it were gone. */
  @ListOf(() => AccessRoute, { max: 1000 }) routes: AccessRoute[];
}

const object = { type: 'workspace', id: exampleId('2') };

/** The decision asked the other way round: what may somebody, and who may. */
export const access = calls('authz.access', {
  objects: query({
    http: 'GET /permissions/objects',
    scope: 'permissions:read',
    request: ListAccessibleObjects,
    reply: page(ObjectRef),
    fails: [unknownAction, unknownSubject],
    summary: 'Every object of a type with which a subject may do something.',
    description:
      'Without `subject` of the caller, under its scopes and ceiling; of another those objects that the caller may `admin`. In the order of ids. A page may hold fewer entries than `limit`, or none, while `meta.after` is not null: the list has ended only where it is null.',
    example: {
      request: { action: 'update', objectType: 'workspace' },
      reply: { data: [object], meta: { limit: 20, after: null, before: null } },
    },
  }),
  subjects: query({
    http: 'GET /permissions/subjects',
    scope: 'permissions:read',
    request: ListAllowedSubjects,
    reply: page(AllowedSubject),
    fails: [notFound, permissionDenied, unknownAction],
    summary: 'Who may do something with an object, each with the routes by which.',
    description:
      'Needs `admin` on the object. First audiences (`static`), then organizations, teams and users, each in the order of ids. Users are listed who may by ownership, authorship, a row or role of their own, of a team or organization, or as followers or subscribers; who may only because everybody may is in the audiences `guest` and `authenticated`. A page may hold fewer entries than `limit`, or none, while `meta.after` is not null.',
    example: {
      request: { objectType: 'workspace', objectId: exampleId('2'), action: 'update' },
      reply: {
        data: [
          {
            type: 'user',
            id: 'user_01JZX8K7M2',
            routes: [
              {
                by: 'team',
                element: object,
                through: { type: 'team', id: exampleId('71') },
                permissionId: exampleId('1'),
              },
            ],
          },
        ],
        meta: { limit: 20, after: null, before: null },
      },
    },
  }),
});
