import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { batchable } from './batchable.js';

const id = '01890000-0000-7000-8000-000000000000';

describe('a path of a batch', () => {
  it('names the contract GET that a request of that path would reach', () => {
    const found = batchable(`/v1/resources/${id}?include=authors,links`);
    expect(found?.route.call.subject).toBe('call.content.resource.get');
    expect([found?.params, { ...found?.query }]).toEqual([{ id }, { include: 'authors,links' }]);
    expect(batchable('/v1/resources/by-short-id/HfKtMwXy37')?.route.call.subject).toBe(
      'call.content.resource.getByShortId',
    );
    expect(batchable('/v1/me')?.route.call.subject).toBe('call.identity.me.get');
    expect({ ...batchable('/v1/resources?type=a&type=b')?.query }).toEqual({ type: ['a', 'b'] });
  });

  it.each([
    '/v1/batch',
    '/v1/stream?topics=x',
    '/v1/stream/tickets',
    '/v1/auth/sessions',
    '/v1/auth/login?redirectUri=x',
    '/v1/introspect/routes',
    '/health/ready',
    '/openapi.json',
    '/webhooks/workos',
    '/v1/nowhere',
    '/v1/resources/',
    '/v1/resources//',
    '/v1//resources',
    '//evil.example/v1/me',
    'https://evil.example/v1/me',
    '/v1/../v1/me',
    '/v1/x/../me',
    '/v1/x/%2e%2e/me',
    '/v1/./me',
    '/v1/me#x',
    '/v1\\me',
    '/V1/me',
    '/v1/me ',
    '/v1/me\n',
    '/v1/resources/%zz',
  ])('names nothing where it is no such GET or is not written as it is sent: %s', (path) => {
    expect(batchable(path)).toBeNull();
  });

  it('that a client would rewrite names nothing, whatever it is made of', () => {
    const part = fc.constantFrom(
      'v1',
      'me',
      'resources',
      '..',
      '.',
      '',
      '%2e',
      '%2F',
      'auth',
      '@',
      '\\',
      '?',
      '#',
      id,
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const path = `/${parts.join('/')}`;
        const found = batchable(path);
        if (!found) return;
        const url = new URL(path, 'http://gateway');
        expect(url.pathname + url.search).toBe(path);
        expect(found.pathname).toMatch(/^\/v1\/(?!auth|introspect|batch|stream)/);
      }),
      { numRuns: 2_000 },
    );
  });
});
