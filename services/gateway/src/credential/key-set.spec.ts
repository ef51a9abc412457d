import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT, type JWK } from 'jose';
import { settle } from '@erato/testing/settle';
import { KeySet } from './key-set.js';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

let server: Server;
let url: URL;
let published: JWK[] = [];
let isAway = false;
const fetches: string[] = [];
const asked = (at: URL): number => fetches.filter((path) => path === at.pathname).length;
const pairs = new Map<string, Pair>();

beforeAll(async () => {
  for (const kid of ['old', 'new']) pairs.set(kid, await generateKeyPair('RS256'));
  server = createServer((request, answer) => {
    fetches.push(request.url ?? '');
    if (isAway) answer.destroy();
    else answer.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = new URL(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/jwks`);
});
afterAll(() => {
  server.close();
});

function pairOf(kid: string): Pair {
  const pair = pairs.get(kid);
  if (!pair) throw new Error(`no key ${kid}`);
  return pair;
}
const publish = async (...kids: string[]): Promise<void> => {
  published = await Promise.all(
    kids.map(async (kid) => ({ ...(await exportJWK(pairOf(kid).publicKey)), kid, alg: 'RS256' })),
  );
};
const token = (kid: string): Promise<string> =>
  new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid }).sign(pairOf(kid).privateKey);
const verifies = async (keys: KeySet, kid: string): Promise<boolean> =>
  jwtVerify(await token(kid), keys.get).then(
    () => true,
    () => false,
  );

it('goes on with the keys that it has while they cannot be fetched, however long', async () => {
  await publish('old');
  const keys = new KeySet(url, { refreshMs: 0, retryMs: 0 });
  expect(await verifies(keys, 'old')).toBe(true);
  isAway = true;
  const before = asked(url);
  for (let turn = 0; turn < 5; turn++) {
    expect(await verifies(keys, 'old')).toBe(true);
    await settle(() => asked(url) > before + turn);
  }
  isAway = false;
});

it('takes new keys over, and drops those that are gone, without a request waiting', async () => {
  await publish('old');
  const keys = new KeySet(url, { refreshMs: 0, retryMs: 0 });
  expect(await verifies(keys, 'old')).toBe(true);
  await publish('new');
  await settle(async () => !(await verifies(keys, 'old')));
  expect(await verifies(keys, 'new')).toBe(true);
});

it('fetches once while the keys are fresh', async () => {
  await publish('old');
  // At an address of its own: what the sets before this one have under way is not counted.
  const address = new URL('/fresh', url);
  const keys = new KeySet(address);
  for (let turn = 0; turn < 5; turn++) expect(await verifies(keys, 'old')).toBe(true);
  expect(asked(address)).toBe(1);
});
