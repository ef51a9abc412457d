/**
 * Compiles every package's `src` to its `dist` with swc: one file at a time, only what changed since the last
 * build, source maps beside the code. Types are checked by `npm test`, not here, so a build takes a second.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const present = (path) =>
  stat(path).then(
    () => true,
    () => false,
  );

const changedAt = (path) =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );

/** The folders of all packages that have sources. */
async function packages() {
  const found = [];
  for (const parent of ['libs', 'services']) {
    for (const name of await readdir(join(root, parent)).catch(() => []))
      found.push(join(root, parent, name));
  }
  found.push(join(root, 'tools'));
  const kept = await Promise.all(found.map((folder) => present(join(folder, 'src'))));
  return found.filter((_, index) => kept[index]);
}

/** Every file below a package's src that belongs into dist, by its path relative to src, with what tells a change. */
async function sources(folder) {
  const src = join(folder, 'src');
  const entries = await readdir(src, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !/\.spec\.ts$|\.d\.ts$/.test(entry.name))
    .map((entry) => relative(src, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  const stamped = await Promise.all(
    files.map(async (file) => {
      const { mtimeMs, size } = await stat(join(src, file));
      return [file, `${mtimeMs}:${size}`];
    }),
  );
  return new Map(stamped);
}

const outputs = (file) =>
  file.endsWith('.ts') ? [file.replace(/\.ts$/, '.js'), file.replace(/\.ts$/, '.js.map')] : [file];

/** Replaces a file in one step, so that a process that starts meanwhile never reads half of it. */
async function replace(path, text) {
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, text);
  await rename(draft, path);
}

async function compile(folder, file) {
  const from = join(folder, 'src', file);
  const to = join(folder, 'dist', file);
  await mkdir(dirname(to), { recursive: true });
  if (!file.endsWith('.ts')) return copyFile(from, to);
  // Loaded only when something changed: it takes longer than the rest of a build without work.
  const swc = await import('@swc/core');
  const target = to.replace(/\.ts$/, '.js');
  const { code, map } = await swc.transform(await readFile(from, 'utf8'), {
    filename: from,
    cwd: root,
    sourceMaps: true,
    sourceFileName: relative(dirname(target), from),
  });
  await replace(`${target}.map`, map);
  await replace(target, `${code}\n//# sourceMappingURL=${target.split(/[\\/]/).at(-1)}.map\n`);
}

async function buildPackage(folder, settings) {
  const manifest = join(folder, 'dist', '.build.json');
  const before = await readFile(manifest, 'utf8').then(JSON.parse, () => ({}));
  const known = before.settings === settings ? new Map(Object.entries(before.files)) : new Map();
  const now = await sources(folder);
  if (before.settings !== settings) await rm(join(folder, 'dist'), { recursive: true, force: true });

  const gone = [...known.keys()].filter((file) => !now.has(file));
  await Promise.all(gone.flatMap(outputs).map((file) => rm(join(folder, 'dist', file), { force: true })));

  const changed = [];
  for (const [file, stamp] of now) {
    const there = known.get(file) === stamp && (await present(join(folder, 'dist', outputs(file)[0])));
    if (!there) changed.push(file);
  }
  await Promise.all(changed.map((file) => compile(folder, file)));
  if (changed.length + gone.length > 0) {
    await mkdir(dirname(manifest), { recursive: true });
    await replace(manifest, JSON.stringify({ settings, files: Object.fromEntries(now) }));
  }
  return changed.length;
}

/** The doc comments of the contracts, for the gateway's reference. */
async function buildDescriptions(contracts, changed) {
  const output = join(root, 'libs/contracts/dist/descriptions.json');
  if (!changed && (await present(output))) return;
  const { describeContracts } = await import('./describe-contracts.mjs');
  await replace(output, JSON.stringify(describeContracts(join(contracts, 'src'))));
}

/** The types of the client for apps, from the document that the gateway makes of the contracts. */
async function buildClientTypes(client) {
  const output = join(client, 'src/api.ts');
  const madeFrom = ['libs/contracts', 'services/gateway'].map((each) => join(root, each, 'dist/.build.json'));
  const times = await Promise.all(madeFrom.map(changedAt));
  if ((await changedAt(output)) > Math.max(...times)) return;
  const built = (path) => import(pathToFileURL(join(root, path)).href);
  const { openApi } = await built('services/gateway/dist/openapi/openapi.js');
  const { handRoutes } = await built('services/gateway/dist/introspection/hand-routes.js');
  const { tables } = await built('libs/contracts/dist/catalogue.js');
  const descriptions = await readFile(join(root, 'libs/contracts/dist/descriptions.json'), 'utf8');
  const { clientTypes } = await import('./client-types.mjs');
  const text = clientTypes(openApi(tables, handRoutes, JSON.parse(descriptions)));
  await replace(output, text);
}

/** Brings every dist up to date and returns the number of files compiled. Throws with swc's message on a syntax error. */
export async function build() {
  const compiler = createRequire(import.meta.url).resolve('@swc/core/package.json');
  const settings = createHash('sha256');
  for (const file of [join(root, '.swcrc'), fileURLToPath(import.meta.url), compiler])
    settings.update(await readFile(file));
  const digest = settings.digest('hex');
  const counts = [];
  const client = join(root, 'libs/client');
  for (const folder of (await packages()).filter((each) => each !== client)) {
    const compiled = await buildPackage(folder, digest);
    if (folder.endsWith('contracts')) await buildDescriptions(folder, compiled > 0);
    counts.push(compiled);
  }
  await buildClientTypes(client);
  counts.push(await buildPackage(client, digest));
  return counts.reduce((sum, count) => sum + count, 0);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const started = performance.now();
  const compiled = await build();
  console.log(`built ${compiled} files in ${Math.round(performance.now() - started)} ms`);
}
