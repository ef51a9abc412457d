/**
 * Checks package-lock.json for what `npm ci` needs on every machine: `node tools/lock.mjs`, and `--fix` to repair it.
 *
 * A registry that mirrors only some platforms makes npm leave the others' optional packages out of the lock; npm 11
 * then refuses `npm ci` where they exist. And a lock that names a registry's host works only where that answers.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = join(resolve(dirname(fileURLToPath(import.meta.url)), '..'), 'package-lock.json');
const text = readFileSync(file, 'utf8');
const lock = JSON.parse(text);

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const libraries = { gnu: 'glibc', musl: 'musl', gnueabihf: 'glibc', musleabihf: 'musl' };

/** What the name of a platform's package says of it: `@swc/core-linux-x64-gnu`. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const at = words.findIndex((word) => systems.includes(word));
  if (at < 0) return undefined;
  const [os, cpu, abi] = words.slice(at);
  return { os: [os], cpu: [cpu], libc: os === 'linux' && libraries[abi] ? [libraries[abi]] : undefined };
}

/** Where a package that `path` depends on stands in the lock: beside it, or in a folder further up. */
function find(path, name) {
  for (let at = path; ;) {
    const key = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (lock.packages[key]) return key;
    if (at === '') return undefined;
    at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1));
  }
}

const problems = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  if (/^https?:/.test(entry.resolved ?? '')) {
    problems.push(`${path} names a registry`);
    delete entry.resolved;
  }
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (find(path, name)) continue;
    const platform = platformOf(name);
    if (!platform || !/^\d/.test(version)) continue;
    problems.push(`${name}@${version} is missing`);
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu: platform.cpu,
      ...(entry.dev ? { dev: true } : {}),
      ...(platform.libc ? { libc: platform.libc } : {}),
      optional: true,
      os: platform.os,
    };
  }
}

if (process.argv.includes('--fix')) {
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(sorted);
  if (problems.length > 0) writeFileSync(file, JSON.stringify(lock, null, 2) + '\n');
  console.log(`package-lock.json: ${problems.length} repaired`);
} else if (problems.length > 0) {
  console.error(`package-lock.json: ${problems.join('; ')}. Run: node tools/lock.mjs --fix`);
  process.exitCode = 1;
}
