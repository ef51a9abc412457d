import { calls, command, nothing, one, page, query } from '../kit/call.js';
import {
  Email,
  Example,
  Flag,
  HttpsUrl,
  ListOf,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Text,
  TextMap,
  Timestamp,
  Whole,
} from '../kit/fields.js';
import { failure, notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import { PageQuery } from '../kit/page-query.js';
import { Preferences, PreferencesPatch } from './preferences.js';
import { ThemeConfig, ThemeConfigPatch } from './theme-config.js';
import { workosUnavailable, workosWrite } from './workos.js';

export const handleTaken = failure('conflict', 'handle_taken', 'Someone else has this handle.');
export const emailTaken = failure('conflict', 'email_taken', 'Someone else has this e-mail address.');
export const externalIdTaken = failure('conflict', 'external_id_taken', 'The external id is in use.');
/** An organization keeps at least one admin. */
export const lastAdmin = failure('conflict', 'last_admin', 'This is the last admin of the organization.');
/** What is owned must be handed over or deleted first; `extra.workspaces` counts it. */
export const stillOwns = failure('conflict', 'still_owns', 'It still owns something.');

/** 3–30 of `a-z0-9_`; capitals are taken and kept small, since a handle is unique without case. */
const handle = { min: 3, max: 30, pattern: /^[A-Za-z0-9_]+$/ };
const metadataName = /^[^\0]{1,40}$/;

/**
 * A user, flat: what WorkOS and what Erato keep of him stand side by side. Others than oneself and administrators see
 * `id`, `handle`, `displayName`, `avatarUrl`, `bannerUrl` and `bio` alone; the other fields are then absent.
 */
export class User {
  @Text({ min: 1, max: 64 }) @Example('user_01J8ZB3Q6W2V5N8M4K7H0T9XQE') id: string;
  /** Null until chosen. */
  @Text({ max: 30 }) @Nullable() @Example('ana_lima') handle: string | null;
  /** What others read; never made from first and last name by itself. */
  @Text({ max: 80 }) @Nullable() displayName: string | null;
  @Text({ max: 2048 }) @Nullable() avatarUrl: string | null;
  @Text({ max: 2048 }) @Nullable() bannerUrl: string | null;
  @Text({ max: 500 }) @Nullable() bio: string | null;
  @Text({ max: 254 }) @Optional() email?: string;
  @Flag() @Optional() emailVerified?: boolean;
  @Text({ max: 255 }) @Nullable() @Optional() firstName?: string | null;
  @Text({ max: 255 }) @Nullable() @Optional() lastName?: string | null;
  /** The picture that the sign-in provider gave; `avatarUrl` is the one chosen here. */
  @Text({ max: 2048 }) @Nullable() @Optional() profilePictureUrl?: string | null;
  @Text({ max: 128 }) @Nullable() @Optional() externalId?: string | null;
  @TextMap({ max: 50, name: metadataName, length: 600 }) @Optional() metadata?: Record<string, string>;
  @Nested(() => ThemeConfig) @Nullable() @Optional() themeConfig?: ThemeConfig | null;
  @Nested(() => Preferences) @Nullable() @Optional() preferences?: Preferences | null;
  /** The organization of the session, else the home organization; never null. */
  @Text({ max: 64 }) @Optional() organizationId?: string;
  @Timestamp() @Nullable() @Optional() lastSignInAt?: string | null;
  @Timestamp() @Optional() createdAt?: string;
  /** The newer of WorkOS' and Erato's last change. */
  @Timestamp() @Optional() updatedAt?: string;
  @Whole() @Optional() version?: number;
}

const sorts = ['createdAt', '-createdAt'] as const;

export class ListUsers extends PageQuery {
  /** The user of exactly this handle, whatever its case. */
  @Text(handle) @Optional() handle?: string;
  /** Begins handle, display name or a word of it. */
  @Text({ min: 1, max: 100 }) @Optional() q?: string;
  /** The user of exactly this address; administrators alone. */
  @Email() @Optional() email?: string;
  /** Members of this organization; its members and administrators alone. */
  @Text({ min: 1, max: 64 }) @Optional() organizationId?: string;
  @OneOf(sorts) @Optional() sort?: (typeof sorts)[number];
}

export class GetUser {
  @Text({ min: 1, max: 200 }) id: string;
}

export class GetUserByHandle {
  @Text({ min: 1, max: 200 }) handle: string;
}

export class CreateUser {
  @Email() @Example('ana@label.example') email: string;
  @Text({ max: 255 }) @Nullable() @Optional() firstName?: string | null;
  @Text({ max: 255 }) @Nullable() @Optional() lastName?: string | null;
  /** Held to WorkOS' own rules; without it the user signs in by a link, a code or a provider. */
  @Text({ min: 1, max: 200 }) @Optional() password?: string;
  /** True when left out: an administrator vouches. */
  @Flag() @Optional() emailVerified?: boolean;
  @Text({ min: 1, max: 128 }) @Nullable() @Optional() externalId?: string | null;
  /** Up to 50 texts; null for a value leaves it out. */
  @TextMap({ max: 50, name: metadataName, length: 600, nulls: true }) @Optional() metadata?: Record<
    string,
    string | null
  >;
  @Text(handle) @Nullable() @Optional() handle?: string | null;
  @Text({ min: 1, max: 80 }) @Nullable() @Optional() displayName?: string | null;
  @HttpsUrl() @Nullable() @Optional() avatarUrl?: string | null;
  @HttpsUrl() @Nullable() @Optional() bannerUrl?: string | null;
  @Text({ max: 500 }) @Nullable() @Optional() bio?: string | null;
  @Nested(() => ThemeConfigPatch) @Nullable() @Optional() themeConfig?: ThemeConfigPatch | null;
  @Nested(() => PreferencesPatch) @Nullable() @Optional() preferences?: PreferencesPatch | null;
}

/** A merge patch: what is absent stays, null clears. */
export class UpdateUser {
  @Text({ min: 1, max: 200 }) id: string;
  @Text({ max: 255 }) @Nullable() @Optional() firstName?: string | null;
  @Text({ max: 255 }) @Nullable() @Optional() lastName?: string | null;
  /** Administrators alone; the new address is to be verified unless `emailVerified` says that it is. */
  @Email() @Optional() email?: string;
  /** Administrators alone. */
  @Flag() @Optional() emailVerified?: boolean;
  /** Administrators alone. */
  @Text({ min: 1, max: 128 }) @Nullable() @Optional() externalId?: string | null;
  /** Administrators alone; merged, null removes a key. */
  @TextMap({ max: 50, name: metadataName, length: 600, nulls: true }) @Optional() metadata?: Record<
    string,
    string | null
  >;
  @Text(handle) @Nullable() @Optional() handle?: string | null;
  @Text({ min: 1, max: 80 }) @Nullable() @Optional() displayName?: string | null;
  @HttpsUrl() @Nullable() @Optional() avatarUrl?: string | null;
  @HttpsUrl() @Nullable() @Optional() bannerUrl?: string | null;
  @Text({ max: 500 }) @Nullable() @Optional() bio?: string | null;
  @Nested(() => ThemeConfigPatch) @Nullable() @Optional() themeConfig?: ThemeConfigPatch | null;
  @Nested(() => PreferencesPatch) @Nullable() @Optional() preferences?: PreferencesPatch | null;
}

export class DeleteUser {
  @Text({ min: 1, max: 200 }) id: string;
  /** One's own id, for deleting oneself. */
  @Text({ min: 1, max: 200 }) @Optional() confirm?: string;
}

export class GetErasure {
  @Text({ min: 1, max: 200 }) id: string;
}

/** How far one service is. */
export class ServiceErasure {
  @Text({ max: 40 }) service: string;
  /** Null while it has not said that it holds nothing any more. */
  @Timestamp() @Nullable() completedAt: string | null;
}

/** The erasure of a deleted user. */
export class Erasure {
  @Text({ max: 64 }) userId: string;
  @Timestamp() requestedAt: string;
  /** When the last service had completed; null before. */
  @Timestamp() @Nullable() completedAt: string | null;
  @ListOf(() => ServiceErasure, { max: 50 }) services: ServiceErasure[];
}

const shown = {
  id: 'user_01J8ZB3Q6W2V5N8M4K7H0T9XQE',
  handle: 'ana_lima',
  displayName: 'Ana Lima',
  avatarUrl: 'https://cdn.example/ana.jpg',
  bannerUrl: null,
  bio: 'Fado, slowly.',
};

/** Users (identity.md, Routes). */
export const users = calls('identity.user', {
  list: query({
    http: 'GET /users',
    scope: 'users:read',
    guest: true,
    request: ListUsers,
    reply: page(User),
    fails: [permissionDenied, workosUnavailable],
    summary: 'Lists users.',
    description:
      'Administrators see everybody, in full, as WorkOS lists them. Everybody else sees the public profiles of those who have a handle.',
    example: { request: { q: 'ana' }, reply: shown },
  }),
  get: query({
    http: 'GET /users/{id}',
    scope: 'users:read',
    guest: true,
    request: GetUser,
    reply: one(User),
    fails: [notFound, workosUnavailable],
    summary: 'Gives a user.',
    description:
      'Oneself and administrators see all fields, everybody else the public profile. A user of whom Erato has not heard is asked for at WorkOS, so that only then WorkOS can be missed.',
    example: { request: { id: shown.id }, reply: shown },
  }),
  byHandle: query({
    http: 'GET /users/by-handle/{handle}',
    scope: 'users:read',
    guest: true,
    request: GetUserByHandle,
    reply: one(User),
    fails: [notFound],
    summary: 'Gives the user of a handle, whatever its case.',
    example: { request: { handle: 'ana_lima' }, reply: shown },
  }),
  create: command({
    http: 'POST /users',
    scope: 'admin',
    request: CreateUser,
    reply: one(User),
    creates: '/users/{id}',
    fails: [handleTaken, emailTaken, externalIdTaken, ...workosWrite],
    summary: 'Creates a user in WorkOS and in the home organization.',
    example: {
      request: { email: 'ana@label.example', firstName: 'Ana', lastName: 'Lima', handle: 'ana_lima' },
      reply: { ...shown, email: 'ana@label.example', emailVerified: true, version: 1 },
    },
  }),
  update: command({
    http: 'PATCH /users/{id}',
    scope: 'users:write',
    request: UpdateUser,
    reply: one(User),
    fails: [
      notFound,
      permissionDenied,
      preconditionFailed,
      handleTaken,
      emailTaken,
      externalIdTaken,
      ...workosWrite,
    ],
    summary: 'Changes a user: oneself, or anybody as an administrator.',
    description:
      'A merge patch. WorkOS owns names, e-mail, `externalId` and `metadata`; Erato the rest; only the side that owns a changed field is written, WorkOS first. `email`, `emailVerified`, `externalId` and `metadata` need `admin`.',
    example: { request: { id: shown.id, bio: 'Fado, slowly.' }, reply: { ...shown, version: 2 } },
  }),
  delete: command({
    http: 'DELETE /users/{id}',
    scope: 'users:write',
    request: DeleteUser,
    reply: nothing,
    fails: [notFound, permissionDenied, preconditionFailed, lastAdmin, stillOwns, ...workosWrite],
    summary: 'Deletes a user everywhere.',
    description:
      'Administrators, or oneself with `confirm=<id>`. Refused while the user is the last admin of an organization or owns workspaces. Erato erases first, WorkOS last; what the services hold goes with `identity.user.deleted`, and `GET /users/{id}/erasure` tells how far they are.',
    example: { request: { id: shown.id, confirm: shown.id } },
  }),
  erasure: query({
    http: 'GET /users/{id}/erasure',
    scope: 'admin',
    request: GetErasure,
    reply: one(Erasure),
    fails: [notFound],
    summary: 'Tells which services have erased what they held of a deleted user.',
    description: '404 for a user who is there, and for one who never was.',
    example: {
      request: { id: shown.id },
      reply: {
        userId: shown.id,
        requestedAt: '2026-03-02T09:00:00.000Z',
        completedAt: null,
        services: [
          { service: 'identity', completedAt: '2026-03-02T09:00:00.000Z' },
          { service: 'content', completedAt: null },
        ],
      },
    },
  }),
});
