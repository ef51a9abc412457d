import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort } from '@erato/tools/launch/ports';
import { cacheFolder, installedNatsServer } from '@erato/tools/nats/binary';
import { fromRelease } from '@erato/tools/nats/download';
import { archiveName, checksums, platformName, release } from '@erato/tools/nats/releases';

let folder: string;
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erato-nats-'));
});
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
  server = undefined;
  rmSync(folder, { recursive: true });
});

/** A program that says what nats-server says of itself. */
function program(path: string, version: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho 'nats-server: v${version}'\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('a nats-server on this machine', () => {
  const nowhere = { PATH: '/nonexistent' };

  it('is the one that NATS_SERVER_BIN names, before all others', async () => {
    const named = program(join(folder, 'mine'), '2.11.4');
    program(join(folder, 'bin', 'nats-server'), '2.12.0');
    const found = await installedNatsServer({ PATH: join(folder, 'bin'), NATS_SERVER_BIN: named });
    expect(found).toEqual({ path: named, version: '2.11.4' });
  });

  it.each([
    ['/nonexistent/nats-server', 'there is no /nonexistent/nats-server'],
    ['/bin/true', 'is no nats-server'],
  ])('is not %s', async (path, words) => {
    await expect(installedNatsServer({ ...nowhere, NATS_SERVER_BIN: path })).rejects.toThrow(words);
  });

  it('is not one that is too old', async () => {
    const old = program(join(folder, 'old'), '2.8.4');
    await expect(installedNatsServer({ NATS_SERVER_BIN: old })).rejects.toThrow('2.8.4, and 2.9 or later');
  });

  it('is the one on PATH, then the newest in the cache that runs', async () => {
    const onPath = program(join(folder, 'bin', 'nats-server'), '2.10.0');
    const newest = program(join(folder, 'cache', 'nats-server-2.12.10'), '2.12.10');
    program(join(folder, 'cache', 'nats-server-2.9.10'), '2.9.10');
    writeFileSync(join(folder, 'cache', 'nats-server-2.99.0'), 'torn');
    const env = { ERATO_CACHE_DIR: join(folder, 'cache') };
    expect(await installedNatsServer({ ...env, PATH: join(folder, 'bin') })).toMatchObject({ path: onPath });
    expect(await installedNatsServer({ ...env, ...nowhere })).toEqual({ path: newest, version: '2.12.10' });
  });

  it('is kept where the user says', () => {
    expect(cacheFolder({ ERATO_CACHE_DIR: '/a' })).toBe('/a');
    expect(cacheFolder({ XDG_CACHE_HOME: '/b' })).toBe(join('/b', 'erato'));
  });
});

describe('the official release', () => {
  /** An archive as the release has it. */
  function archive(): Buffer {
    const name = archiveName(platformName()).replace('.tar.gz', '');
    program(join(folder, 'made', name, 'nats-server'), release);
    execFileSync('tar', ['-czf', 'release.tar.gz', '-C', 'made', name], { cwd: folder });
    return readFileSync(join(folder, 'release.tar.gz'));
  }

  async function serve(listener: RequestListener): Promise<string> {
    const made = createServer(listener);
    server = made;
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
  }

  it('is unpacked into the cache when its checksum is right', async () => {
    const bytes = archive();
    const address = await serve((request, response) => {
      expect(request.url).toBe(`/${archiveName(platformName())}`);
      response.end(bytes);
    });
    const sum = createHash('sha256').update(bytes).digest('hex');
    const path = await fromRelease(join(folder, 'cache'), { address, checksums: { [platformName()]: sum } });
    expect(
      await installedNatsServer({ PATH: '/nonexistent', ERATO_CACHE_DIR: join(folder, 'cache') }),
    ).toEqual({
      path,
      version: release,
    });
  });

  it('is refused when its checksum is another', async () => {
    const bytes = archive();
    const address = await serve((_, response) => response.end(bytes));
    const source = { address, checksums: { [platformName()]: '0'.repeat(64) } };
    await expect(fromRelease(join(folder, 'cache'), source)).rejects.toThrow('checksum');
  });

  it('says how it failed', async () => {
    const address = await serve((_, response) => response.writeHead(404).end());
    const source = { address, checksums: { [platformName()]: '0' } };
    await expect(fromRelease(folder, source)).rejects.toThrow('answered 404');
    const closed = `http://127.0.0.1:${await freePort()}`;
    await expect(fromRelease(folder, { ...source, address: closed })).rejects.toThrow('ECONNREFUSED');
    await expect(fromRelease(folder, { ...source, checksums: {} })).rejects.toThrow(
      'no release with a known checksum',
    );
  });

  it('has a checksum for each Linux that servers run', () => {
    for (const platform of ['linux-amd64', 'linux-arm64'])
      expect(checksums[platform]).toMatch(/^[0-9a-f]{64}$/);
  });
});
