import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ApiKey, Erato } from '@erato/client';
import { scopes as known, type Scope } from '@erato/contracts/kit/context';
import { readSettings } from '../launch/settings.js';
import { administratorOf } from './administrator.js';
import { table, UsageError, type Command } from './command.js';

const options = {
  subject: { type: 'string' },
  name: { type: 'string' },
  scopes: { type: 'string' },
  expires: { type: 'string' },
  grace: { type: 'string' },
  file: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

const subjectTypes = ['user', 'organization', 'workspace', 'harbor'] as const;

/** `user:user_01…` as the API names it. */
function subjectOf(text: string): { subjectType: (typeof subjectTypes)[number]; subjectId: string } {
  const at = text.indexOf(':');
  const subjectType = subjectTypes.find((type) => type === text.slice(0, at));
  const subjectId = text.slice(at + 1);
  if (subjectType === undefined || subjectId === '') {
    throw new UsageError(`a subject is <type>:<id> with one of ${subjectTypes.join(', ')}`);
  }
  return { subjectType, subjectId };
}

const isScope = (word: string): word is Scope => (known as readonly string[]).includes(word);

function scopesOf(text: string): Scope[] {
  const words = text.split(',').map((each) => each.trim());
  const wrong = words.filter((word) => !isScope(word));
  if (wrong.length > 0) throw new UsageError(`there is no scope ${wrong.join(', ')}`);
  return words.filter(isScope);
}

const row = (key: ApiKey): string[] => [
  key.id,
  key.prefix,
  `${key.subjectType}:${key.subjectId}`,
  key.scopes.join(','),
  key.expiresAt ?? 'never',
  key.lastUsedAt ?? 'never',
  key.name,
];

async function list(api: Erato, { subject, json }: Values): Promise<void> {
  const query = { ...(subject === undefined ? {} : subjectOf(subject)), limit: 100 };
  const rows: string[][] = [];
  for await (const key of api.list('/v1/api-keys', { query })) {
    if (json) console.log(JSON.stringify(key));
    else rows.push(row(key));
  }
  if (json) return;
  const head = ['id', 'begins', 'subject', 'scopes', 'expires', 'last used', 'name'];
  console.log(rows.length === 0 ? 'no keys' : table(head, rows));
}

/** The secret stands on standard output alone, or in a file for its owner alone: it is shown here and never again. */
function give(key: ApiKey & { secret: string }, { file, json }: Values): void {
  if (file !== undefined) writeFileSync(file, `${key.secret}\n`, { mode: 0o600, flag: 'wx' });
  if (json) console.log(JSON.stringify(file === undefined ? key : { ...key, secret: undefined }));
  else console.log(file === undefined ? key.secret : `${key.id} is in ${file}`);
}

async function make(api: Erato, values: Values): Promise<void> {
  const { subject, name, scopes, expires } = values;
  if (subject === undefined || name === undefined || scopes === undefined) {
    throw new UsageError('make takes --subject, --name and --scopes');
  }
  const { data } = await api.post('/v1/api-keys', {
    body: {
      ...subjectOf(subject),
      name,
      scopes: scopesOf(scopes),
      ...(expires === undefined ? {} : { expiresAt: expires }),
    },
  });
  give(data, values);
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true });
  const [verb, id, ...more] = positionals;
  const named = verb === 'revoke' || verb === 'rotate';
  if (more.length > 0 || named !== (id !== undefined)) {
    throw new UsageError('keys knows: list, make, rotate <id>, revoke <id>');
  }
  const api = administratorOf(readSettings(process.env));
  if (verb === 'list') await list(api, values);
  else if (verb === 'make') await make(api, values);
  else if (verb === 'revoke' && id !== undefined) {
    await api.delete('/v1/api-keys/{id}', { path: { id } });
    console.log(`revoked ${id}`);
  } else if (verb === 'rotate' && id !== undefined) {
    const graceSeconds = Number(values.grace ?? '0');
    const { data } = await api.post('/v1/api-keys/{id}/rotate', { path: { id }, body: { graceSeconds } });
    give(data, values);
  } else throw new UsageError('keys knows: list, make, rotate <id>, revoke <id>');
  return 0;
}

export const keysCommand: Command = {
  name: 'keys',
  summary: 'lists, makes, rotates and revokes API keys',
  help: `Usage: erato keys list [--subject <type>:<id>] [--json]
       erato keys make --subject <type>:<id> --name <name> --scopes <scope,…> [--expires <time>] [--file <path>]
       erato keys rotate <id> [--grace <seconds>] [--file <path>]
       erato keys revoke <id>

Works as the administrator, through the API of the installation that runs (ERATO_DATA_DIR,
else HOST, PORT and ERATO_ADMIN_KEY). A new secret is printed once, or written to --file,
which must not be there yet and is readable by you alone. A key made here ends with its
subject; revoking a key ends those that it made as well.`,
  run,
};
