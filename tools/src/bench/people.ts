import type { NewApiKey } from '@erato/contracts/identity/api-key';
import type { User } from '@erato/contracts/identity/user';
import type { Workspace } from '@erato/contracts/content/workspace';
import { Api } from './api.js';

/** A person with a key of its own and no rights beside. */
export interface Reader {
  readonly userId: string;
  readonly api: Api;
}

/** One who writes: with a workspace. */
export interface Artist extends Reader {
  readonly workspaceId: string;
}

const scopes = ['resources:write', 'workspaces:write', 'permissions:read'];

/** Makes a user and its key through the API. */
export async function aReader(administrator: Api, name: string): Promise<Reader> {
  const userId = await aUser(administrator, name);
  const key = await administrator.post<NewApiKey>('/v1/api-keys', {
    name: 'Benchmark',
    subjectType: 'user',
    subjectId: userId,
    scopes,
  });
  return { userId, api: new Api(administrator.url, key.secret) };
}

/** Makes a user, its key and its workspace. */
export async function anArtist(administrator: Api): Promise<Artist> {
  const artist = await aReader(administrator, 'artist');
  const workspace = await artist.api.post<Workspace>('/v1/workspaces', {
    name: 'The Artist',
    slug: 'the-artist',
  });
  return { ...artist, workspaceId: workspace.id };
}

/** A user whom permissions can address. */
export async function aUser(administrator: Api, name: string): Promise<string> {
  const user = await administrator.post<User>('/v1/users', {
    email: `${name}@bench.example`,
    firstName: name,
  });
  return user.id;
}
