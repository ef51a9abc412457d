/**
 * `node tools/pack-client.mjs [folder]`: makes the client a package for apps, with declarations, in `folder` (here, if it is
 * not given). What lies in libs/client is for this repository: its types are the sources.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const client = join(root, 'libs/client');

/** The manifest of the package: of ours what apps need, and where they find code and types. */
function manifest() {
  const { name, version, type } = JSON.parse(readFileSync(join(client, 'package.json'), 'utf8'));
  const { license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const exports = { '.': { types: './dist/index.d.ts', default: './dist/index.js' } };
  return {
    ...{ name, version, license, type, exports, sideEffects: false },
    description: 'The HTTP API of Erato, typed, for Node and browsers.',
    engines: { node: '>=20.19' },
    files: ['dist'],
  };
}

/** Puts the package's files into `folder`. */
function fill(folder) {
  cpSync(join(client, 'dist'), join(folder, 'dist'), {
    recursive: true,
    filter: (path) => !path.endsWith('.build.json'),
  });
  const tsc = createRequire(import.meta.url).resolve('typescript/lib/tsc.js');
  const settings = ['--declaration', '--emitDeclarationOnly', '--target', 'es2023', '--lib', 'es2023,dom'];
  const modules = ['--module', 'nodenext', '--strict', '--exactOptionalPropertyTypes'];
  const entry = join(client, 'src/index.ts');
  const output = ['--outDir', join(folder, 'dist'), '--rootDir', join(client, 'src')];
  execFileSync(process.execPath, [tsc, entry, '--ignoreConfig', ...settings, ...modules, ...output], {
    stdio: 'inherit',
  });
  cpSync(join(client, 'README.md'), join(folder, 'README.md'));
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
}

ensureInstalled();
const { build } = await import('./build.mjs');
await build();
const target = resolve(process.argv[2] ?? '.');
mkdirSync(target, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'erato-client-'));
try {
  fill(folder);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const packed = execFileSync(npm, ['pack', '--silent', '--pack-destination', target], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  console.log(join(target, packed.trim().split('\n').at(-1)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
