import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Fetches the distribution's package and unpacks it into the cache: no root, nothing is installed. apt gets lists
 * and a cache of its own because the system's belong to root, and stays with the sources that the system trusts.
 * @returns the path of the program
 */
export async function fromDistribution(cache: string): Promise<string> {
  if (process.platform !== 'linux') throw new Error('there is no apt on this system');
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'apt-'));
  try {
    mkdirSync(join(work, 'lists', 'partial'), { recursive: true });
    mkdirSync(join(work, 'archives', 'partial'), { recursive: true });
    const options = [
      '-qq',
      '-o',
      `Dir::State::Lists=${join(work, 'lists')}`,
      '-o',
      `Dir::Cache=${work}`,
      '-o',
      'APT::Sandbox::User=',
      // Hooks of the system's apt would act on the system.
      '-o',
      'APT::Update::Post-Invoke-Success=',
      '-o',
      'Acquire::Languages=none',
      '-o',
      'Acquire::http::Timeout=20',
      '-o',
      'Acquire::https::Timeout=20',
    ];
    const settings = { cwd: work, timeout: 180_000, env: { ...process.env, LC_ALL: 'C' } };
    // A source that is out of reach is no failure as long as another one has the package.
    await run('apt-get', [...options, 'update'], settings).catch(() => undefined);
    await run('apt-get', [...options, 'download', 'nats-server'], settings);
    const archive = readdirSync(work).find((file) => file.endsWith('.deb'));
    if (archive === undefined) throw new Error('apt-get downloaded no package');
    await run('dpkg-deb', ['-x', archive, 'unpacked'], settings);
    // nats-server_2.9.10-1+b3_amd64.deb
    const [version = 'distribution'] = /(?<=_)[\d.]+/.exec(archive) ?? [];
    const target = join(cache, `nats-server-${version}`);
    renameSync(join(work, 'unpacked', 'usr', 'sbin', 'nats-server'), target);
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
