import { existsSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { installedNatsServer } from '../nats/binary.js';
import { messageOf } from '../launch/error.js';
import { readNote } from '../launch/pid-file.js';
import { portIsFree } from '../launch/ports.js';
import { isAlive } from '../launch/process-identity.js';
import type { Settings } from '../launch/settings.js';
import { fail, ok, warn, type Finding } from './finding.js';

const gibibyte = 1024 ** 3;

/** Node is recent enough for every dependency. */
export function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const said = `Node ${process.versions.node}`;
  if (major < 20 || (major === 20 && minor < 19)) return fail(`${said}: 20.19 or later is needed`);
  return major < 24 ? ok(`${said} (24 is recommended)`) : ok(said);
}

/** The data folder is its owner's alone, and there is room on its disk. */
export function dataFolder({ dataFolder: folder }: Settings): Finding[] {
  if (!existsSync(folder)) return [warn(`${folder} does not exist yet: the first start makes it`)];
  const open = ['secrets.json', 'admin-key', join('nats', 'nats.conf')].filter((name) => {
    const path = join(folder, name);
    return process.platform !== 'win32' && existsSync(path) && (statSync(path).mode & 0o077) !== 0;
  });
  const { bavail, bsize } = statfsSync(folder);
  const free = (bavail * bsize) / gibibyte;
  const room = `${free.toFixed(1)} GiB free for ${folder}`;
  return [
    open.length > 0
      ? fail(`others may read ${open.join(', ')} in ${folder}: chmod 600`)
      : ok(`${folder} keeps its secrets`),
    free < 1 ? warn(`${room}: Postgres stops when it is full`) : ok(room),
  ];
}

/** Who holds the data folder, and whether the port of the API is his or free. */
export async function launcher({ dataFolder: folder, port, host }: Settings): Promise<Finding[]> {
  const holder = readNote(join(folder, 'lock'));
  if (holder !== undefined && isAlive(holder.pid, holder.identity)) {
    return [ok(`Erato runs on this folder (process ${holder.pid})`)];
  }
  const stale =
    holder === undefined ? [] : [warn('the last run was killed: the next start cleans up after it')];
  const free = port === 0 || (await portIsFree(port, host).catch((error: unknown) => messageOf(error)));
  if (free === true) return [...stale, ok(`Erato does not run; port ${port} is free`)];
  return [
    ...stale,
    warn(`Erato does not run, and port ${port} on ${host} is taken${free === false ? '' : `: ${free}`}`),
  ];
}

/** A nats-server for the embedded bus. Nothing is fetched here. */
export async function natsServer(settings: Settings): Promise<Finding[]> {
  if (settings.natsUrl !== undefined) return [];
  try {
    const found = await installedNatsServer(settings.env);
    if (found === undefined) return [warn('no nats-server yet: the first start fetches it')];
    return [ok(`nats-server ${found.version} (${found.path})`)];
  } catch (error) {
    return [fail(messageOf(error))];
  }
}
