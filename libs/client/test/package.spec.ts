import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answer, AServer } from './a-server.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));

const app = `
import { attempt, Erato, type Workspace } from '@erato/client';

const erato = new Erato({ url: globalThis.eratoUrl, credential: ({ refresh }) => (refresh ? 'new' : 'old') });
const names: string[] = [];
for await (const workspace of erato.list('/v1/workspaces', { query: { kind: ['label'] } })) names.push(workspace.name);
const read = await attempt(erato.get('/v1/workspaces/{id}', { path: { id: '1' } }));
const found: Workspace | null = read.ok ? read.answer.data : null;
if (!read.ok && read.problem.code === 'not_found') names.push('gone');
console.log(JSON.stringify({ names, found }));
`;
const wrong = `
import { Erato } from '@erato/client';
const erato = new Erato({ url: '' });
await erato.get('/v1/workspace', {});
await erato.get('/v1/workspaces/{id}');
await erato.post('/v1/workspaces', { body: { nam: 'x' } });
await erato.list('/v1/me');
await erato.delete('/v1/workspaces/{id}', { path: { id: '1' }, actAs: '2' });
`;

describe('the package', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'erato-app-'));
    const { stdout } = await run(process.execPath, [join(root, 'tools/pack-client.mjs'), folder]);
    const installed = join(folder, 'node_modules/@erato/client');
    await mkdir(installed, { recursive: true });
    await run('tar', ['-xzf', stdout.trim(), '--strip-components=1', '-C', installed]);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'globals.d.ts'), 'declare var eratoUrl: string;');
    await writeFile(join(folder, 'app.ts'), app);
    await writeFile(join(folder, 'wrong.ts'), wrong);
  }, 120_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Compiles as an app for browsers does, where there is nothing of Node; gives what the compiler says. */
  function compile(): Promise<string> {
    const tsc = createRequire(import.meta.url).resolve('typescript/lib/tsc.js');
    const options =
      '--ignoreConfig --strict --target es2023 --lib es2023,dom --module esnext --moduleResolution bundler';
    const words = options.split(' ');
    const args = [tsc, ...words, 'globals.d.ts', 'app.ts', 'wrong.ts'];
    // It exits with 1 where it finds something, which here it is meant to.
    return new Promise((resolve) =>
      execFile(process.execPath, args, { cwd: folder }, (_, stdout) => resolve(stdout)),
    );
  }

  it('compiles into an app for browsers, and holds it to the routes', async () => {
    const said = await compile();
    const lines = [...said.matchAll(/^(\w+)\.ts\((\d+),/gm)].map(
      ([, file, line]) => `${file ?? ''} ${line ?? ''}`,
    );
    expect([...new Set(lines)]).toEqual(['wrong 4', 'wrong 5', 'wrong 6', 'wrong 7', 'wrong 8']);
  }, 120_000);

  it('runs in plain Node', async () => {
    const server = await AServer.that(({ url }, response) => {
      if (!url.startsWith('/v1/workspaces/')) {
        answer(response, 200, { data: [{ name: 'Northern Lights' }], meta: { limit: 20, after: null } });
      } else answer(response, 200, { data: { id: '1' } });
    });
    try {
      const start = `globalThis.eratoUrl = '${server.url}'; await import('./app.js');`;
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', start], {
        cwd: folder,
        env: { PATH: process.env['PATH'] },
      });
      expect(JSON.parse(stdout)).toEqual({ names: ['Northern Lights'], found: { id: '1' } });
      expect(server.headers('authorization')).toEqual(['Bearer old', 'Bearer old']);
    } finally {
      await server.close();
    }
  }, 60_000);
});
