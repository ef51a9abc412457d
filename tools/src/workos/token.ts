import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { notFound } from './api-error.js';
import { selfSigned } from './certificate.js';
import { activeMemberships } from './membership.js';
import { route, type Route } from './router.js';
import type { Session } from './session.js';
import type { Standin } from './standin.js';
import type { Store } from './store.js';

/** The key that signs access tokens, kept over restarts. */
export interface SigningKey {
  readonly id: string;
  readonly privateKey: string;
  readonly n: string;
  readonly e: string;
  /** DER in base64. */
  readonly certificate: string;
}

/** The key of this store, made at its first start. */
export function signingKey(store: Store): SigningKey {
  const known = store.keys.all()[0];
  if (known !== undefined) return known;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  return store.transaction(() =>
    store.keys.put({
      id: store.ids.next('sso_oidc_key_pair'),
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      n,
      e,
      certificate: selfSigned(privateKey, publicKey, 'WorkOS stand-in').toString('base64'),
    }),
  );
}

/** An access token of AuthKit: RS256, with the claims that WorkOS puts there; organization claims only with one. */
export function accessToken(standin: Standin, session: Session): string {
  const issued = Math.floor(Date.now() / 1000);
  const membership = activeMemberships(standin, session.user_id).find(
    (row) => row.organization_id === session.organization_id,
  );
  const claims = {
    iss: standin.issuer,
    sub: session.user_id,
    sid: session.id,
    client_id: standin.clientId,
    jti: randomBytes(16).toString('hex'),
    ...(membership === undefined
      ? {}
      : { org_id: membership.organization_id, role: membership.role_slug, roles: [membership.role_slug] }),
    permissions: [],
    entitlements: [],
    feature_flags: [],
    auth_time: Math.floor(Date.parse(session.created_at) / 1000),
    iat: issued,
    exp: issued + standin.accessTokenSeconds,
  };
  const input = `${encode({ alg: 'RS256', typ: 'JWT', kid: standin.key.id })}.${encode(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), createPrivateKey(standin.key.privateKey)).toString('base64url')}`;
}

export function tokenRoutes({ key, clientId }: Standin): Route[] {
  return [
    route({
      method: 'GET',
      path: '/sso/jwks/:clientId',
      open: true,
      handle: ({ param }) => {
        if (param('clientId') !== clientId) throw notFound('Client', param('clientId'));
        const thumbprint = createHash('sha256')
          .update(Buffer.from(key.certificate, 'base64'))
          .digest('base64url');
        const jwk = {
          alg: 'RS256',
          kty: 'RSA',
          use: 'sig',
          x5c: [key.certificate],
          n: key.n,
          e: key.e,
          kid: key.id,
        };
        return { status: 200, json: { keys: [{ ...jwk, 'x5t#S256': thumbprint }] } };
      },
    }),
  ];
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
