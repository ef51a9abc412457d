/**
 * `npm test`: installs, builds, checks what can be checked without running, then runs the rings of tests one after
 * the other (docs/decisions/0009-tests-in-five-rings.md). `npm test -- rules` runs that ring alone; `static` names
 * the checks; what else is given goes to Jest, so `npm test -- services billing` runs the matching files of a ring.
 * The last line is always `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const rings = ['rules', 'services', 'stories', 'conformance', 'faults'];
const checks = [
  ['lock file', ['tools/lock.mjs']],
  ['format (prettier)', [bin('prettier'), '--check', '--log-level=warn', '.']],
  ['lint (eslint)', [bin('eslint'), '.']],
  ['types (tsc)', [bin('typescript', 'tsc'), '-p', '.']],
  ['who imports whom (dependency-cruiser)', [bin('dependency-cruiser', 'depcruise'), ...cruised()]],
  ['unused code (knip)', [bin('knip'), '--no-config-hints']],
];

/** The script behind a package's command: run by this very node, it needs no shell on any system. */
function bin(name, command = name) {
  return () => {
    const { bin: found } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
    return join(root, 'node_modules', name, typeof found === 'string' ? found : found[command]);
  };
}

function cruised() {
  const folders = ['libs', 'services', 'tools', 'test'].filter((folder) => existsSync(join(root, folder)));
  return ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', ...folders];
}

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    for (const child of running) child.kill(signal);
    process.exitCode = 128 + constants.signals[signal];
    interrupted = true;
  });
}
let interrupted = false;

/** Runs a script of Node with its output shown, and resolves to its exit code. */
function run(args, env = {}) {
  const words = args.map((word) => (typeof word === 'function' ? word() : word));
  return new Promise((done) => {
    const child = spawn(process.execPath, words, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    running.add(child);
    const end = (code) => {
      running.delete(child);
      done(code);
    };
    child.once('error', () => end(1));
    child.once('exit', (code) => end(code ?? 1));
  });
}

const heading = (text) =>
  console.log(`\n\u2500\u2500 ${text} ${'\u2500'.repeat(Math.max(0, 76 - text.length))}`);
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const count = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

async function check(name, args) {
  heading(name);
  const since = performance.now();
  const failed = (await run(args)) !== 0;
  count[failed ? 'failed' : 'passed'] += 1;
  if (failed) failures.push(name);
  console.log(`${failed ? 'failed' : 'passed'} in ${seconds(since)}`);
}

async function ring(name, more) {
  heading(`tests: ${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'erato-jest-'));
  const report = join(folder, 'report.json');
  const words = [
    '--selectProjects',
    name,
    '--passWithNoTests',
    '--forceExit',
    '--json',
    `--outputFile=${report}`,
    ...more,
  ];
  const nodeOptions = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`;
  // Jest writes the report to standard output too unless a reporter of its own is asked for.
  const code = await run([bin('jest'), ...words], { NODE_OPTIONS: nodeOptions.trim(), ERATO_BUILT: '1' });
  let failed = code !== 0;
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    count.passed += result.numPassedTests;
    // A file that could not be run at all has no tests to count, but it is a failure.
    count.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    count.skipped += result.numPendingTests + result.numTodoTests;
    if (failed && result.numFailedTests + result.numRuntimeErrorTestSuites === 0) count.failed += 1;
  } catch {
    failed = true;
    count.failed += 1;
  }
  if (failed) failures.push(`tests: ${name}`);
  rmSync(folder, { recursive: true, force: true });
}

const args = process.argv.slice(2);
const known = ['static', ...rings];
const chosen = known.filter((name) => args.includes(name));
const more = args.filter((word) => !known.includes(word));
const wanted = chosen.length > 0 ? chosen : more.length > 0 ? rings : known;

try {
  ensureInstalled();
  const { build } = await import('./build.mjs');
  await build();
  if (wanted.includes('static'))
    for (const [name, words] of checks) if (!interrupted) await check(name, words);
  for (const name of rings) if (wanted.includes(name) && !interrupted) await ring(name, more);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  count.failed += 1;
  failures.push('the preparation');
}

if (failures.length > 0) console.log(`\nfailed: ${failures.join(', ')}`);
if (interrupted) console.log('interrupted');
const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
if (count.failed > 0 && !process.exitCode) process.exitCode = 1;
console.log(`\n${count.passed} passed, ${count.failed} failed${skipped}`);
