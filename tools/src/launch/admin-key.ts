import { join } from 'node:path';
import { isWellFormed, makeKey } from '@erato/contracts/identity/key-format';
import { readText, writePrivate } from './files.js';

export interface AdminKey {
  readonly key: string;
  /** Where it is kept, mode 0600. */
  readonly file: string;
  /** Whether it was made now. Only then may it be shown, and only on a terminal (security.md, Stand-ins). */
  readonly isNew: boolean;
}

/** The administrator's key: ERATO_ADMIN_KEY, or the one of the data folder, made at its first start. */
export function adminKey(dataFolder: string, given: string | undefined): AdminKey {
  const file = join(dataFolder, 'admin-key');
  const kept = readText(file)?.trim();
  if (given !== undefined) {
    if (!isWellFormed(given)) {
      throw new Error(
        'ERATO_ADMIN_KEY is no key: it must be erato_, 32 or more characters and their checksum; leave it unset to have one made',
      );
    }
    if (kept !== given) writePrivate(file, `${given}\n`);
    return { key: given, file, isNew: false };
  }
  if (kept !== undefined && isWellFormed(kept)) return { key: kept, file, isNew: false };
  if (kept !== undefined)
    throw new Error(`${file} holds no key: put back a copy, or remove it to have a new one made`);
  const key = makeKey();
  writePrivate(file, `${key}\n`);
  return { key, file, isNew: true };
}
