import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NewApiKey } from '@erato/contracts/identity/api-key';
import type { Resource } from '@erato/contracts/content/resource';
import { startSystem, type TestSystem } from '@erato/testing/system';
import { Api } from '../support/api.js';
import { aPerson } from '../support/people.js';

const run = promisify(execFile);

/** The shell blocks of a document, as somebody pastes them one after the other. */
async function shellOf(document: string): Promise<string> {
  const text = await readFile(new URL(`../../${document}`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].map((match) => match[2] ?? '');
  return blocks.filter((block) => !/^ *npm /m.test(block)).join('\n');
}

describe('what the documents show', () => {
  let system: TestSystem;

  beforeAll(async () => {
    system = await startSystem();
  }, 120_000);

  afterAll(async () => {
    await system.stop();
  }, 60_000);

  /** Runs a document's blocks in one shell; the address and key are this system's. */
  async function follow(document: string): Promise<string> {
    const script = (await shellOf(document))
      .replace('API=http://localhost:8080', `API=${system.url}`)
      .replace('KEY=$(cat .erato/admin-key)', `KEY=${system.adminKey}`);
    expect(script).toContain(system.url);
    const { stdout, stderr } = await run('bash', ['--norc', '-eu', '-c', script], { timeout: 60_000 });
    expect(stderr).toBe('');
    return stdout;
  }

  it('the README’s first five calls answer as it says', async () => {
    const shown = await follow('README.md');
    expect(shown).toContain('"email":"ada@example.com"');
    expect(shown).toContain('"bodyHtml":"<p>It is <strong>out</strong>.</p>"');
    expect(shown).toMatch(
      /\{"data":\[\{[^\]]*"title" ?: ?"First light"[^\]]*\}\],"meta":\{"limit":20,"after":null,"before":null\}\}/,
    );
    expect(shown).not.toContain('erato.dev/problems');
  }, 90_000);

  it('the label’s guide ends in an explained refusal', async () => {
    const shown = await follow('docs/guides/a-label.md');
    expect(shown).toMatch(/"tracks":\[\{[^}]*"title":"Northbound","duration":214\}\]/);
    expect(shown).toMatch(/"title":"Night Ferry",[^{]*"version":4,/);
    const codes = [...shown.matchAll(/"code":"(\w+)"/g)].map((match) => match[1]);
    expect(codes).toEqual(['permission_denied', 'scope_missing']);
    expect(shown).toMatch(/"allowed":false,"decidedBy":\{"rule":"user"/);
  }, 90_000);

  it('the artist’s guide ends in a page, a smart link and a feed, as it says', async () => {
    const shown = await follow('docs/guides/an-artist-page.md');
    const guide = await readFile(new URL('../../docs/guides/an-artist-page.md', import.meta.url), 'utf8');
    const promised = [...guide.matchAll(/^# (.*)$/gm)].map((match) => match[1]).slice(1);
    expect(promised.length).toBeGreaterThan(8);
    const lines = shown.split('\n');
    expect(lines.filter((line) => promised.includes(line))).toEqual(promised);
  }, 90_000);

  it('the client’s example publishes an album, once however often it runs', async () => {
    const guest = await Api.of(system.url);
    const label = await aPerson(guest.as(system.adminKey), 'label');
    const key = await label.api.post<NewApiKey>('/v1/api-keys', {
      name: 'Releases',
      subjectType: 'user',
      subjectId: label.id,
      scopes: ['workspaces:write', 'resources:write', 'permissions:write'],
    });
    const example = fileURLToPath(new URL('../../libs/client/examples/publish-album.ts', import.meta.url));
    const register = ['--conditions=development', '--import', '@swc-node/register/esm-register'];
    const env = {
      ...process.env,
      ERATO_URL: system.url,
      ERATO_TOKEN: key.body.data.secret,
      NODE_OPTIONS: '',
    };
    const runs = [];
    for (let times = 0; times < 2; times++) {
      const { stdout } = await run(process.execPath, [...register, example], { timeout: 60_000, env });
      runs.push(stdout);
    }
    expect(runs[1]).toBe(runs[0]);
    const [early, title, ...rest] = (runs[0] ?? '').trimEnd().split('\n');
    expect(early).toBe('guests read: not_found');
    const id = /^Northern Lights \(.*\/([\w-]+)\)$/.exec(title ?? '')?.[1] ?? '';
    expect(rest).toEqual([
      '  1 First Light',
      '  2 Ice Road',
      '  3 Aurora',
      '  Spotify: https://open.spotify.com/album/1',
      '  Bandcamp: https://polarnight.bandcamp.com/album/1',
      'on the profile: album Northern Lights',
      'on the profile: song Aurora',
      'on the profile: song Ice Road',
      'on the profile: song First Light',
      'and guests only look',
    ]);
    const album = await guest.get<Resource>(`/v1/resources/${id}`);
    expect(album.body.data.excerpt).toBe('Northern Lights: 3 songs from the north.');
  }, 120_000);
});
