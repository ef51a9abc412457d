import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isWellFormed, makeKey } from '@erato/contracts/identity/key-format';
import { adminKey } from './admin-key.js';
import { completeSecrets, loadSecrets } from './secrets.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erato-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const mode = (name: string): number => statSync(join(folder, name)).mode & 0o777;

describe('the secrets of a data folder', () => {
  it('are made once and kept for their owner alone', () => {
    const made = loadSecrets(folder);
    expect(loadSecrets(folder)).toEqual(made);
    expect(mode('secrets.json')).toBe(0o600);
  });

  it('are all different', () => {
    const { nats, postgres, workos, callerMasterKey, cursorKey } = completeSecrets(undefined);
    const all = [
      ...Object.values(nats),
      ...Object.values(postgres),
      ...Object.values(workos),
      callerMasterKey,
      cursorKey,
    ];
    expect(new Set(all).size).toBe(all.length);
    for (const each of all) expect(each.length).toBeGreaterThanOrEqual(48);
  });

  it('keep what is known when a new service needs one more', () => {
    const before = completeSecrets(undefined);
    const others = Object.fromEntries(Object.entries(before.nats).filter(([name]) => name !== 'content'));
    const after = completeSecrets({ ...before, nats: others });
    expect(after.nats).toMatchObject(others);
    expect(after.nats['content']).toBeDefined();
    expect(after.callerMasterKey).toBe(before.callerMasterKey);
  });

  it('are not made anew over a damaged file, which may be all that opens the data', () => {
    writeFileSync(join(folder, 'secrets.json'), '{ torn');
    expect(() => loadSecrets(folder)).toThrow('is damaged');
  });
});

describe("the administrator's key", () => {
  it('is made at the first start and the same afterwards', () => {
    const first = adminKey(folder, undefined);
    expect(isWellFormed(first.key)).toBe(true);
    expect(first.isNew).toBe(true);
    expect(mode('admin-key')).toBe(0o600);
    expect(adminKey(folder, undefined)).toEqual({ ...first, isNew: false });
  });

  it('is the one that was given', () => {
    const given = makeKey();
    adminKey(folder, undefined);
    expect(adminKey(folder, given)).toMatchObject({ key: given, isNew: false });
    expect(adminKey(folder, undefined).key).toBe(given);
  });

  it('is refused when it is none', () => {
    expect(() => adminKey(folder, 'secret')).toThrow('ERATO_ADMIN_KEY is no key');
  });
});
