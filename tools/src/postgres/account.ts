import { execFileSync, spawnSync } from 'node:child_process';

/** The user that the server runs as: nobody given means the user of this process. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

const number = (command: string, ...args: string[]): number | undefined => {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? Number.parseInt(stdout, 10) : undefined;
};

function lookUp(user: string): Account | undefined {
  const uid = number('id', '-u', user);
  const gid = number('id', '-g', user);
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** The two ways to make a system user: shadow's, and busybox' (Alpine). */
function create(user: string): Account | undefined {
  const ways: [string, string[]][] = [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', user]],
    ['adduser', ['-S', '-D', '-H', '-s', '/bin/false', user]],
  ];
  for (const [command, args] of ways) {
    if (spawnSync(command, args).status === 0) return lookUp(user);
  }
  return undefined;
}

/**
 * Postgres refuses to run as root: then it runs as the system's `postgres`, made when it is missing, or `nobody`
 * where no user can be made.
 */
export function serverAccount(): Account {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return {};
  const account = lookUp('postgres') ?? create('postgres') ?? lookUp('nobody');
  if (account === undefined)
    throw new Error('Postgres does not run as root, and no user "postgres" could be made');
  return account;
}

/** Whether this user may enter a folder (and so reach what is in it by name). */
export function mayEnter(account: Account, folder: string): boolean {
  if (account.uid === undefined) return true;
  try {
    execFileSync('test', ['-x', folder], { ...account, stdio: 'ignore', cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
