import type { Tokens } from '@erato/contracts/identity/auth';
import type { User } from '@erato/contracts/identity/user';
import { Api } from './api.js';

/** A signed-in person. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly api: Api;
}

let made = 0;

/** Makes a user as an administrator does, and signs in as an app does. */
export async function aPerson(administrator: Api, name: string): Promise<Person> {
  const email = `${name}.${String(++made)}.${Date.now().toString(36)}@label.example`;
  const password = `${name}-Str0ng-passphrase!`;
  const user = await administrator.post<User>('/v1/users', { email, password, firstName: name });
  if (user.status !== 201) throw new Error(`no user: ${JSON.stringify(user.body)}`);
  const guest = await Api.of(administrator.url);
  const tokens = await guest.post<Tokens>('/v1/auth/token', { grantType: 'password', email, password });
  if (tokens.status !== 200) throw new Error(`no tokens: ${JSON.stringify(tokens.body)}`);
  return { id: user.body.data.id, email, api: guest.as(tokens.body.data.accessToken) };
}
