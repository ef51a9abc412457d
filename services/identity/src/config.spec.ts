import { describe, expect, it } from '@jest/globals';
import { readIdentityConfig } from './config.js';

const env = { WORKOS_API_KEY: 'sk', WORKOS_CLIENT_ID: 'client' };

describe('the configuration', () => {
  it('names all that is missing', () => {
    expect(() => readIdentityConfig({})).toThrow(/WORKOS_API_KEY.*WORKOS_CLIENT_ID/);
    expect(readIdentityConfig(env)).toMatchObject({
      workosApiUrl: 'https://api.workos.com',
      homeOrganization: 'Erato',
      adminRole: null,
      passwordGrant: false,
      redirectUris: [],
    });
  });

  it('refuses an address that the SDK cannot use', () => {
    for (const url of ['api.workos.com', 'ftp://x', 'https://x/v1']) {
      expect(() => readIdentityConfig({ ...env, WORKOS_API_URL: url })).toThrow('WORKOS_API_URL');
    }
  });

  it('keeps the password grant out of production', () => {
    const wanted = { ...env, ERATO_PASSWORD_GRANT: 'on' };
    expect(readIdentityConfig(wanted).passwordGrant).toBe(true);
    expect(() => readIdentityConfig({ ...wanted, NODE_ENV: 'production' })).toThrow('ERATO_PASSWORD_GRANT');
  });
});
