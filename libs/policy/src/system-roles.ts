import type { Grants } from './facts.js';

/** A role that stands from the start: `is_system`, cannot be changed or deleted (authz.md). */
export interface SystemRole {
  /** The kind of object in whose scope it is offered. Those of `artist_space` are also given on projects and tracks. */
  scopeType: 'organization' | 'workspace' | 'artist_space' | 'harbor';
  slug: string;
  grants: Grants;
}

const all = ['create', 'read', 'update', 'delete'];

function grants(actions: readonly string[], ...types: string[]): Record<string, readonly string[]> {
  return Object.fromEntries(types.map((type) => [type, actions]));
}

/** The table "Roles that stand from the start" of authz.md. An organization's `admin` is as owner and needs no grants. */
export const systemRoles: readonly SystemRole[] = [
  { scopeType: 'organization', slug: 'admin', grants: {} },
  {
    scopeType: 'organization',
    slug: 'member',
    grants: {
      ...grants(['read'], 'organization'),
      ...grants(['write'], 'workspace', 'resource', 'collection'),
    },
  },
  {
    scopeType: 'organization',
    slug: 'viewer',
    grants: grants(['read'], 'organization', 'workspace', 'resource', 'collection'),
  },
  { scopeType: 'workspace', slug: 'admin', grants: grants(['admin'], 'workspace', 'resource', 'collection') },
  {
    scopeType: 'workspace',
    slug: 'editor',
    grants: grants(['write'], 'workspace', 'resource', 'collection'),
  },
  { scopeType: 'workspace', slug: 'viewer', grants: grants(['read'], 'workspace', 'resource', 'collection') },
  {
    scopeType: 'artist_space',
    slug: 'admin',
    grants: {
      ...grants(['read', 'update'], 'artist_space'),
      ...grants(all, 'project', 'track', 'file', 'comment'),
      ...grants(['manage'], 'member'),
    },
  },
  {
    scopeType: 'artist_space',
    slug: 'editor',
    grants: {
      ...grants(['read'], 'artist_space', 'project'),
      ...grants(['read', 'update'], 'track'),
      ...grants(['create', 'read', 'update'], 'file'),
      ...grants(all, 'comment'),
    },
  },
  {
    scopeType: 'artist_space',
    slug: 'viewer',
    grants: {
      ...grants(['read'], 'artist_space', 'project', 'track', 'file'),
      ...grants(['create', 'read'], 'comment'),
    },
  },
  {
    scopeType: 'harbor',
    slug: 'admin',
    grants: {
      ...grants(['read'], 'harbor'),
      ...grants([...all, 'publish'], 'content'),
      ...grants(all, 'asset'),
      ...grants(['manage'], 'blueprint', 'workflow', 'member', 'setting'),
    },
  },
  {
    scopeType: 'harbor',
    slug: 'editor',
    grants: { ...grants(['read'], 'harbor', 'blueprint', 'workflow'), ...grants(all, 'content', 'asset') },
  },
  {
    scopeType: 'harbor',
    slug: 'viewer',
    grants: grants(['read'], 'harbor', 'blueprint', 'workflow', 'content', 'asset'),
  },
];
