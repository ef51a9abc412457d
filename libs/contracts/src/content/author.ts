import { calls, command, nothing, one, query, whole } from '../kit/call.js';
import { failure, notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import { Id, Nullable, OneOf, Optional, Text, Timestamp, Whole } from '../kit/fields.js';

export const authorTypes = ['user', 'workspace'] as const;
export type AuthorType = (typeof authorTypes)[number];

/** How many authors a resource has at most, pending ones included (content.md, Rules). */
export const maxAuthors = 20;

export class AuthorRef {
  @OneOf(authorTypes) authorType: AuthorType;
  @Text({ min: 1, max: 64 }) authorId: string;
}

/** Who is credited for a resource: a user or a workspace. */
export class Author extends AuthorRef {
  /** What the author did: `composer`, `performer`, `creator`, `engineer`, … */
  @Text({ max: 50 }) @Nullable() role: string | null;
  /** Its place among the authors, from 1. */
  @Whole({ min: 1 }) position: number;
  @Timestamp() addedAt: string;
  /** Null while the user has not accepted: he is shown to nobody but himself and those who may update. */
  @Timestamp() @Nullable() acceptedAt: string | null;
}

export class NewAuthor extends AuthorRef {
  @Text({ min: 1, max: 50 }) @Nullable() @Optional() role?: string | null;
}

export class AuthorsOf {
  @Id() id: string;
}

export class AddAuthor extends NewAuthor {
  @Id() id: string;
}

export class RemoveAuthor extends AuthorRef {
  @Id() id: string;
}

export const authorNotAllowed = failure(
  'forbidden',
  'author_not_allowed',
  'You cannot name this workspace as an author.',
);
export const authorExists = failure('conflict', 'author_exists', 'It is an author already.');
export const tooManyAuthors = failure('conflict', 'too_many_authors', 'There are 20 authors already.');
export const lastAuthor = failure('conflict', 'last_author', 'The last author cannot be removed.');
export const authorFixed = failure('conflict', 'author_fixed', 'A status has one author, who made it.');

const id = '0197c1f1-3b4c-7d5e-9f60-718293a4b5c6';
const shown = {
  authorType: 'workspace',
  authorId: '0197c1f0-7a2b-7c3d-8e4f-5a6b7c8d9e0f',
  role: 'performer',
  position: 1,
  addedAt: '2025-06-30T12:00:00.000Z',
  acceptedAt: '2025-06-30T12:00:00.000Z',
};
const named = { authorType: shown.authorType, authorId: shown.authorId };

export const authors = calls('content.author', {
  list: query({
    http: 'GET /resources/{id}/authors',
    scope: 'resources:read',
    guest: true,
    request: AuthorsOf,
    reply: whole(Author),
    fails: [notFound],
    summary: 'The authors of a resource, in their order.',
    description: 'Those who have not accepted yet are shown to themselves and to who may update it.',
    example: { request: { id }, reply: [shown] },
  }),
  add: command({
    http: 'POST /resources/{id}/authors',
    creates: '/resources/{id}/authors',
    scope: 'resources:write',
    request: AddAuthor,
    reply: one(Author),
    fails: [
      notFound,
      permissionDenied,
      preconditionFailed,
      authorNotAllowed,
      authorExists,
      tooManyAuthors,
      authorFixed,
    ],
    summary: 'Names an author.',
    description:
      'Needs `update` on the resource, and on the workspace that is named. Another user is pending until he accepts. At most 20.',
    example: { request: { id, ...named, role: 'performer' }, reply: shown },
  }),
  accept: command({
    http: 'POST /resources/{id}/authors/accept',
    scope: 'resources:write',
    request: AuthorsOf,
    reply: one(Author),
    fails: [notFound],
    summary: 'Accepts to be named as an author.',
    description: 'For the user who was named, also where he cannot read the resource yet. Again is the same.',
    example: {
      request: { id },
      reply: { ...shown, authorType: 'user', authorId: 'user_01JZ0A1B2C3D4E5F6G7H8J9K0M', role: null },
    },
  }),
  remove: command({
    http: 'DELETE /resources/{id}/authors/{authorType}/{authorId}',
    scope: 'resources:write',
    request: RemoveAuthor,
    reply: nothing,
    fails: [notFound, permissionDenied, preconditionFailed, lastAuthor],
    summary: 'Removes an author.',
    description: 'Needs `update`; a user may remove himself, which also declines. The last one stays: 409.',
    example: { request: { id, ...named } },
  }),
});
