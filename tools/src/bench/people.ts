import type { NewApiKey } from '@erato/contracts/identity/api-key';
import type { User } from '@erato/contracts/identity/user';
import type { Workspace } from '@erato/contracts/content/workspace';
import { Api } from './api.js';

/** Whom the load is made as: a person with a key of its own and a workspace, and no other rights. */
export interface Artist {
  readonly userId: string;
  readonly api: Api;
  readonly workspaceId: string;
}

const scopes = ['resources:write', 'workspaces:write', 'permissions:read'];

/** Makes a user, its key and its workspace, all through the API. */
export async function anArtist(administrator: Api): Promise<Artist> {
  const userId = await aUser(administrator, 'artist');
  const key = await administrator.post<NewApiKey>('/v1/api-keys', {
    name: 'Benchmark',
    subjectType: 'user',
    subjectId: userId,
    scopes,
  });
  const api = new Api(administrator.url, key.secret);
  const workspace = await api.post<Workspace>('/v1/workspaces', { name: 'The Artist', slug: 'the-artist' });
  return { userId, api, workspaceId: workspace.id };
}

/** A user whom permissions can address. */
export async function aUser(administrator: Api, name: string): Promise<string> {
  const user = await administrator.post<User>('/v1/users', {
    email: `${name}@bench.example`,
    firstName: name,
  });
  return user.id;
}
