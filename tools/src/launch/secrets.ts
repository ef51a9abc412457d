import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { services } from '@erato/contracts/services';
import { natsUsers } from '../nats/permissions.js';
import { readText, writePrivate } from './files.js';

/** Every secret of one installation. Texts are hexadecimal. */
export interface Secrets {
  /** Password of each NATS user. */
  readonly nats: Readonly<Record<string, string>>;
  /** Password of the superuser (`postgres`) and of each service's role. */
  readonly postgres: Readonly<Record<string, string>>;
  /** From it come the keys by which each service knows a caller that the gateway signed. 32 bytes. */
  readonly callerMasterKey: string;
  /** Signs the cursors of lists. 32 bytes. */
  readonly cursorKey: string;
  /** Of the WorkOS stand-in. */
  readonly workos: { readonly apiKey: string; readonly webhookSecret: string; readonly controlToken: string };
}

/** The services with a database of their own: all but the gateway. */
export const databaseServices = Object.keys(services).filter((name) => name !== 'gateway');

const secret = (): string => randomBytes(24).toString('hex');
const key = (): string => randomBytes(32).toString('hex');

const record = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
const kept = (value: unknown, make: () => string): string =>
  typeof value === 'string' && value !== '' ? value : make();
const passwords = (known: unknown, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, kept(record(known)[name], secret)]));

/** Completes a set of secrets: what is known stays, what is missing is made. */
export function completeSecrets(known: unknown): Secrets {
  const { nats, postgres, callerMasterKey, cursorKey, workos } = record(known);
  return {
    nats: passwords(
      nats,
      natsUsers().map(({ user }) => user),
    ),
    postgres: passwords(postgres, ['postgres', ...databaseServices]),
    callerMasterKey: kept(callerMasterKey, key),
    cursorKey: kept(cursorKey, key),
    workos: {
      apiKey: kept(record(workos)['apiKey'], () => `sk_test_${secret()}`),
      webhookSecret: kept(record(workos)['webhookSecret'], secret),
      controlToken: kept(record(workos)['controlToken'], secret),
    },
  };
}

/** The secrets of a data folder, in `secrets.json` (mode 0600); made at its first start. */
export function loadSecrets(dataFolder: string): Secrets {
  const file = join(dataFolder, 'secrets.json');
  const text = readText(file);
  let known: unknown;
  try {
    known = text === undefined ? undefined : JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is damaged: put back a copy, or start with another ERATO_DATA_DIR`, { cause });
  }
  const secrets = completeSecrets(known);
  const complete = JSON.stringify(secrets, null, 2) + '\n';
  if (complete !== text) writePrivate(file, complete);
  return secrets;
}
