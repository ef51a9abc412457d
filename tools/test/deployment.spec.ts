import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { services } from '@erato/contracts/services';
import { freshSecrets } from '@erato/tools/commands/secrets';
import { readSettings } from '@erato/tools/launch/settings';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const compose = read('docker-compose.yml');
const example = read('.env.example');

const files = ['libs/platform/src', 'services', 'tools/src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/\.spec\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/node_modules|[/\\](dist|bench|workos|test)[/\\]/.test(path)),
);

/** The names by which sources read variables of the environment, in the two ways of this project. */
function variablesRead(): Set<string> {
  const found = new Set<string>();
  for (const file of files) {
    const source = readFileSync(file, 'utf8');
    for (const [, name] of source.matchAll(
      /\b(?:text|optional|integer|flag|list|hexKey)\(\s*'([A-Z][A-Z0-9_]+)'/g,
    ))
      found.add(name ?? '');
    for (const [, name] of source.matchAll(/\benv\['([A-Z][A-Z0-9_]+)'\]/g)) found.add(name ?? '');
  }
  return found;
}

/** What is everyone's and needs no explanation of ours. */
const ofTheSystem = new Set(['PATH', 'XDG_CACHE_HOME']);

describe('.env.example', () => {
  it('explains every variable that a source reads', () => {
    const unexplained = [...variablesRead()].filter(
      (name) => !ofTheSystem.has(name) && !new RegExp(`^${name}=`, 'm').test(example),
    );
    expect(unexplained).toEqual([]);
  });

  it('sets nothing', () => {
    for (const line of example.split('\n')) expect(line).toMatch(/^(#.*|[A-Z][A-Z0-9_]+=|)$/);
    const set = Object.fromEntries(
      [...example.matchAll(/^([A-Z0-9_]+)=(.*)$/gm)].map(([, name, value]) => [name ?? '', value]),
    );
    expect(readSettings(set).env).toEqual({});
  });
});

describe('docker-compose.yml', () => {
  const asked = new Map(
    [...compose.matchAll(/\$\{([A-Z0-9_]+)(:[?-][^}]*)?\}/g)].map(([, name, rest]) => [
      name ?? '',
      rest ?? '',
    ]),
  );

  it('gets every secret that it asks for from "erato secrets"', () => {
    const needed = [...asked].filter(([, rest]) => rest.includes('erato secrets')).map(([name]) => name);
    expect(Object.keys(freshSecrets()).sort()).toEqual(needed.sort());
  });

  it('takes no variable that .env.example does not explain', () => {
    const explained = [...asked].filter(
      ([name, rest]) => !rest.includes('erato secrets') && !example.includes(`\n${name}=`),
    );
    expect(explained).toEqual([]);
  });

  it('runs every service', () => {
    for (const service of Object.keys(services))
      expect(compose).toContain(`services/${service}/dist/main.js`);
  });
});
