import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { archiveName, checksums, platformName, release, releaseAddress } from './releases.js';
import { causeOf, messageOf } from '../launch/error.js';

/** How long a connection or a stalled transfer is waited for, in milliseconds. */
const timeoutMs = 10_000;

/** Fetches a body; the time-out counts anew with every piece that arrives, so a slow line is no failure. */
async function fetchBytes(address: string): Promise<Buffer> {
  const stalled = new AbortController();
  const clock = setTimeout(() => stalled.abort(new Error(`no answer in ${timeoutMs / 1000} s`)), timeoutMs);
  try {
    const response = await fetch(address, { signal: stalled.signal });
    if (!response.ok || response.body === null) throw new Error(`answered ${response.status}`);
    const pieces: Uint8Array[] = [];
    for await (const piece of response.body as AsyncIterable<Uint8Array>) {
      pieces.push(piece);
      clock.refresh();
    }
    return Buffer.concat(pieces);
  } catch (error) {
    // What fetch says is only that it failed; why is in the cause.
    throw new Error(messageOf(causeOf(error)), { cause: error });
  } finally {
    clearTimeout(clock);
  }
}

/** Where a release is fetched from, and the checksum of each platform's archive. */
export interface ReleaseSource {
  readonly address: string;
  readonly checksums: Readonly<Record<string, string>>;
}

/**
 * Fetches the pinned official release, compares its checksum and unpacks the program into the cache.
 * @returns the path of the program
 */
export async function fromRelease(
  cache: string,
  source: ReleaseSource = { address: releaseAddress, checksums },
): Promise<string> {
  const platform = platformName();
  const checksum = source.checksums[platform];
  if (checksum === undefined) throw new Error(`no release with a known checksum for ${platform}`);
  const name = archiveName(platform);
  const archive = await fetchBytes(`${source.address}/${name}`);
  const found = createHash('sha256').update(archive).digest('hex');
  if (found !== checksum) throw new Error(`the checksum of ${name} is ${found} instead of ${checksum}`);

  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'release-'));
  try {
    writeFileSync(join(work, name), archive);
    await promisify(execFile)('tar', ['-xzf', name], { cwd: work });
    const target = join(cache, `nats-server-${release}`);
    renameSync(join(work, name.replace(/\.tar\.gz$/, ''), 'nats-server'), target);
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
