import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSystem, type TestSystem } from '@erato/testing/system';

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
    const codes = [...shown.matchAll(/"code":"(\w+)"/g)].map((match) => match[1]);
    expect(codes).toEqual(['permission_denied', 'scope_missing']);
    expect(shown).toMatch(/"allowed":false,"decidedBy":\{"rule":"user"/);
  }, 90_000);
});
