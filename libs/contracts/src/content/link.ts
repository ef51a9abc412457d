import { calls, command, nothing, query, whole } from '../kit/call.js';
import { failure, notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import { HttpsUrl, Id, ListOf, Nullable, OneOf, Optional, Text, Timestamp, Whole } from '../kit/fields.js';

export const linkKinds = ['stream', 'preorder', 'presave', 'buy', 'social', 'other'] as const;
export type LinkKind = (typeof linkKinds)[number];

/** How many links a resource or a workspace has at most (content.md, Rules). */
export const maxLinks = 50;

/** An Iconify slug: a set and an icon of it. */
const iconSlug = /^[a-z0-9]+(?:-[a-z0-9]+)*:[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** A link that leads out: to a streaming service, a shop, a social network. */
export class Link {
  @Id() id: string;
  /** Its place: 1 to the number of links, without gaps. */
  @Whole({ min: 1, max: maxLinks }) position: number;
  /** What to show; the host's name when it was left out. */
  @Text({ min: 1, max: 100 }) name: string;
  /** https only, without credentials in it. */
  @HttpsUrl() url: string;
  /** An Iconify slug such as `mdi:spotify`; known hosts have one when it was left out. */
  @Text({ max: 100 }) @Nullable() icon: string | null;
  @OneOf(linkKinds) kind: LinkKind;
  @Timestamp() createdAt: string;
  @Timestamp() updatedAt: string;
}

/** A link as it is given: name and icon of known hosts (Spotify, Apple Music, …) are filled in when left out. */
export class NewLink {
  @HttpsUrl() url: string;
  @Text({ min: 1, max: 100 }) @Optional() name?: string;
  @Text({ min: 3, max: 100, pattern: iconSlug }) @Nullable() @Optional() icon?: string | null;
  /** `other` when left out, `stream` for known hosts. */
  @OneOf(linkKinds) @Optional() kind?: LinkKind;
}

export class LinksOf {
  @Id() id: string;
}

export class AddLink extends NewLink {
  @Id() id: string;
  /** Where to put it; at the end when left out or beyond it. Those behind it move on by one. */
  @Whole({ min: 1, max: maxLinks }) @Optional() at?: number;
}

export class ReplaceLinks {
  @Id() id: string;
  /** All links in their order; what is not named is gone. */
  @ListOf(() => NewLink, { max: maxLinks }) links: NewLink[];
}

export class SetLink extends NewLink {
  @Id() id: string;
  @Whole({ min: 1, max: maxLinks }) position: number;
  /** Where to move it; it stays when left out. Those in between close up. */
  @Whole({ min: 1, max: maxLinks }) @Optional() moveTo?: number;
}

export class LinkAt {
  @Id() id: string;
  @Whole({ min: 1, max: maxLinks }) position: number;
}

export const tooManyLinks = failure('conflict', 'too_many_links', 'There are 50 links already.');

const id = '0197c1f0-7a2b-7c3d-8e4f-5a6b7c8d9e0f';
const shown = {
  id: '0197c1f2-11aa-7bbb-8ccc-0123456789ab',
  position: 1,
  name: 'Spotify',
  url: 'https://open.spotify.com/artist/4Z8W4fKeB5YxbusRsdQVPb',
  icon: 'mdi:spotify',
  kind: 'stream',
  createdAt: '2025-06-30T12:00:00.000Z',
  updatedAt: '2025-06-30T12:00:00.000Z',
};
const given = { url: shown.url };

/** The calls on the links of one kind of subject: the same for resources and workspaces (content.md, Routes). */
function linkCalls(
  noun: string,
  about: { path: '/resources' | '/workspaces'; word: string; alias: boolean },
) {
  const { path, word } = about;
  const write = { fails: [notFound, permissionDenied, preconditionFailed], scope: scopeOf(path, 'write') };
  const alias = (rest: '' | '/{position}') =>
    about.alias ? { alias: `${path}/{id}/urls${rest}` as const } : {};
  return calls(noun, {
    list: query({
      http: `GET ${path}/{id}/links`,
      ...alias(''),
      scope: scopeOf(path, 'read'),
      guest: true,
      request: LinksOf,
      reply: whole(Link),
      fails: [notFound],
      summary: `The links of a ${word}, in their order.`,
      example: { request: { id }, reply: [shown] },
    }),
    add: command({
      http: `POST ${path}/{id}/links`,
      ...alias(''),
      creates: `${path}/{id}/links`,
      ...write,
      request: AddLink,
      reply: whole(Link),
      fails: [...write.fails, tooManyLinks],
      summary: `Adds a link to a ${word}.`,
      description: 'Needs `update`. Answers with all links; at most 50.',
      example: { request: { id, ...given }, reply: [shown] },
    }),
    replace: command({
      http: `PUT ${path}/{id}/links`,
      ...alias(''),
      ...write,
      request: ReplaceLinks,
      reply: whole(Link),
      summary: `Sets all links of a ${word}.`,
      description: 'Needs `update`. A link whose address stays keeps its id, and with it its clicks.',
      example: { request: { id, links: [given] }, reply: [shown] },
    }),
    set: command({
      http: `PUT ${path}/{id}/links/{position}`,
      ...alias('/{position}'),
      ...write,
      request: SetLink,
      reply: whole(Link),
      summary: `Sets or moves one link of a ${word}.`,
      description: 'Needs `update`. Answers with all links.',
      example: { request: { id, position: 1, ...given, moveTo: 2 }, reply: [shown] },
    }),
    remove: command({
      http: `DELETE ${path}/{id}/links/{position}`,
      ...alias('/{position}'),
      ...write,
      request: LinkAt,
      reply: nothing,
      summary: `Removes one link of a ${word}; those behind it close up.`,
      example: { request: { id, position: 1 } },
    }),
  });
}

const scopeOf = (path: '/resources' | '/workspaces', what: 'read' | 'write') =>
  path === '/resources' ? (`resources:${what}` as const) : (`workspaces:${what}` as const);

export const resourceLinks = linkCalls('content.resource-link', {
  path: '/resources',
  word: 'resource',
  alias: true,
});
export const workspaceLinks = linkCalls('content.workspace-link', {
  path: '/workspaces',
  word: 'workspace',
  alias: false,
});
