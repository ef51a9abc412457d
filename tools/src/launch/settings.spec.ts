import { describe, expect, it } from '@jest/globals';
import { externalLogin } from '../nats/login.js';
import { readSettings } from './settings.js';

describe('the settings', () => {
  it('take an empty variable as unset', () => {
    const settings = readSettings({ PORT: '', NATS_URL: '', DATABASE_URL: '', WORKOS_API_KEY: '' });
    expect(settings).toMatchObject({ port: 8080, portIsExplicit: false });
    expect([settings.natsUrl, settings.databaseUrl, settings.workosApiKey]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT must be a whole number'],
    [{ PORT: '70000' }, 'PORT must be a whole number'],
    [{ ERATO_NATS_REPLICAS: '6' }, 'ERATO_NATS_REPLICAS'],
    [{ WORKOS_API_KEY: 'sk_1' }, 'WORKOS_CLIENT_ID'],
  ])('refuse %j', (env, words) => expect(() => readSettings(env)).toThrow(words));

  it('know a database for each service', () => {
    expect(readSettings({ IDENTITY_DATABASE_URL: 'postgres://a/b' }).databaseUrls).toEqual({
      identity: 'postgres://a/b',
    });
  });
});

describe("the login at a NATS server of the user's", () => {
  it('is one user each where their passwords are given', () => {
    const env = { NATS_PASSWORD_AUTHZ: 'pa', NATS_USER: 'all', NATS_PASSWORD: 'px' };
    expect(externalLogin('nats://h:1,h2:2', 'authz', env)).toEqual({
      url: 'nats://h:1,nats://h2:2',
      user: 'authz',
      password: 'pa',
    });
    expect(externalLogin('nats://h:1', 'content', env)).toMatchObject({ user: 'all', password: 'px' });
  });

  it('is the user in the address otherwise, which leaves it', () => {
    expect(externalLogin('nats://me:p%40@h:4222', 'authz', {})).toEqual({
      url: 'nats://h:4222',
      user: 'me',
      password: 'p@',
    });
  });
});
