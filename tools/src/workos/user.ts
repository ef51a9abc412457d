import { failure, notFound } from './api-error.js';
import { after, now } from './clock.js';
import { mergeMetadata, type Metadata } from './metadata.js';
import { page, paging } from './page.js';
import { hashPassword } from './password.js';
import { route, type Route } from './router.js';
import { boolean, email, nullable, optional, record, text } from './shape.js';
import type { Standin } from './standin.js';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly external_id: string | null;
  readonly metadata: Metadata;
  readonly locale: string | null;
  readonly last_sign_in_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly password_hash: string | null;
}

/** A user as the API shows it: without the password. */
export function showUser({ password_hash: _, ...user }: User) {
  const joined = [user.first_name, user.last_name].filter((part) => part !== null).join(' ');
  return {
    object: 'user',
    ...user,
    name: user.name ?? (joined === '' ? null : joined),
    profile_picture_url: null,
  };
}

const names = {
  name: optional(nullable(text(255))),
  first_name: optional(nullable(text(255, 0))),
  last_name: optional(nullable(text(255, 0))),
  external_id: optional(nullable(text(128))),
  metadata: optional(nullable(record)),
};

export function userRoutes(standin: Standin): Route[] {
  const { store } = standin;
  return [
    route({
      method: 'GET',
      path: '/user_management/users',
      query: {
        ...paging,
        email: optional(email),
        organization_id: optional(text()),
        organization: optional(text()),
      },
      handle: ({ query }) => {
        const organization = query.organization_id ?? query.organization;
        const members = new Set(
          store.memberships
            .filter((row) => row.organization_id === organization && row.status === 'active')
            .map((row) => row.user_id),
        );
        const rows = store.users.filter(
          (row) =>
            (query.email === undefined || row.email === query.email) &&
            (organization === undefined || members.has(row.id)),
        );
        return { status: 200, json: page(rows, query, 'user', showUser) };
      },
    }),
    route({
      method: 'POST',
      path: '/user_management/users',
      creates: true,
      body: {
        email,
        password: optional(nullable(text(200))),
        email_verified: optional(nullable(boolean)),
        ...names,
        ip_address: optional(text()),
        user_agent: optional(text()),
        signals_id: optional(text()),
      },
      handle: ({ body }) => ({ status: 201, json: showUser(createUser(standin, body)) }),
    }),
    route({
      method: 'GET',
      path: '/user_management/users/external_id/:externalId',
      handle: ({ param }) => {
        const found = store.users.find((row) => row.external_id === param('externalId'));
        if (found === undefined) throw notFound('User', param('externalId'));
        return { status: 200, json: showUser(found) };
      },
    }),
    route({
      method: 'GET',
      path: '/user_management/users/:id',
      handle: ({ param }) => ({ status: 200, json: showUser(userById(standin, param('id'))) }),
    }),
    route({
      method: 'PUT',
      path: '/user_management/users/:id',
      body: {
        email: optional(email),
        email_verified: optional(boolean),
        password: optional(text(200)),
        locale: optional(nullable(text(35))),
        ...names,
      },
      handle: ({ body, param }) => {
        const before = userById(standin, param('id'));
        const moved = body.email !== undefined && body.email !== before.email;
        if (moved && userByEmail(standin, body.email) !== undefined) {
          throw failure(400, 'email_not_available', 'This email is not available.');
        }
        if (before.email_verified && body.email_verified === false && !moved) {
          throw failure(
            400,
            'email_already_verified',
            'The user email has already been verified and cannot be unverified.',
          );
        }
        checkExternalId(standin, body.external_id, before.id);
        const { email: address, email_verified: verified, password, metadata, ...plain } = body;
        const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
        return {
          status: 200,
          json: showUser(
            updateUser(standin, before, {
              ...given,
              ...(address === undefined ? {} : { email: address }),
              email_verified: verified ?? (moved ? false : before.email_verified),
              metadata: mergeMetadata(before.metadata, metadata),
              ...(password === undefined ? {} : { password_hash: hashPassword(password) }),
            }),
          ),
        };
      },
    }),
  ];
}

export function userById({ store }: Standin, id: string): User {
  const found = store.users.get(id);
  if (found === undefined) throw notFound('User', id);
  return found;
}

export function userByEmail({ store }: Standin, address: string | undefined): User | undefined {
  return store.users.find((row) => row.email === address);
}

interface NewUser {
  readonly email: string;
  readonly password?: string | null | undefined;
  readonly email_verified?: boolean | null | undefined;
  readonly name?: string | null | undefined;
  readonly first_name?: string | null | undefined;
  readonly last_name?: string | null | undefined;
  readonly external_id?: string | null | undefined;
  readonly metadata?: Record<string, unknown> | null | undefined;
}

/** Makes a user; 400 `user_creation_error` when the address is taken. */
export function createUser(standin: Standin, asked: NewUser): User {
  if (userByEmail(standin, asked.email) !== undefined) {
    throw failure(400, 'user_creation_error', 'Could not create user.', {
      errors: [{ code: 'email_not_available', message: 'This email is not available.' }],
    });
  }
  const id = standin.store.ids.next('user');
  checkExternalId(standin, asked.external_id, id);
  const at = now();
  const made = standin.store.users.put({
    id,
    email: asked.email,
    email_verified: asked.email_verified ?? false,
    name: asked.name ?? null,
    first_name: asked.first_name ?? null,
    last_name: asked.last_name ?? null,
    external_id: asked.external_id ?? null,
    metadata: mergeMetadata({}, asked.metadata),
    locale: null,
    last_sign_in_at: null,
    created_at: at,
    updated_at: at,
    password_hash: typeof asked.password === 'string' ? hashPassword(asked.password) : null,
  });
  standin.events.append('user.created', showUser(made));
  return made;
}

/** Keeps a change and tells of it; what changes nothing is not told. */
export function updateUser({ store, events }: Standin, before: User, change: Partial<User>): User {
  const changed = { ...before, ...change };
  if (JSON.stringify(changed) === JSON.stringify(before)) return before;
  const kept = store.users.put({ ...changed, updated_at: after(before.updated_at) });
  events.append('user.updated', showUser(kept));
  return kept;
}

function checkExternalId({ store }: Standin, externalId: string | null | undefined, own: string): void {
  if (typeof externalId !== 'string') return;
  if (store.users.find((row) => row.external_id === externalId && row.id !== own) === undefined) return;
  throw failure(
    400,
    'external_id_already_used',
    `The external_id '${externalId}' is already used by another user.`,
  );
}
