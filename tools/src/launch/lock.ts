import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { codeOf } from './error.js';
import { readNote } from './pid-file.js';
import { isAlive, processIdentity } from './process-identity.js';

/** How old a take-over in progress may be before it counts as cut off, in milliseconds. */
const takeOverMs = 10_000;

/** Makes a file that must not exist yet, with its text in it from the first moment. */
function create(path: string, text: string): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

/** Removes the lock of a launcher that no longer lives; only one launcher at a time may try. */
function takeOver(path: string): void {
  const guard = `${path}.taking`;
  try {
    closeSync(openSync(guard, 'wx'));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (Date.now() - statSync(guard).mtimeMs > takeOverMs) rmSync(guard, { force: true });
    return;
  }
  try {
    const holder = readNote(path);
    if (holder === undefined || !isAlive(holder.pid, holder.identity)) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

/**
 * Takes a data folder for this process. Throws when another living launcher has it; the lock of one that was killed
 * is taken over.
 * @returns gives it back
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'lock');
  const identity = processIdentity(process.pid) ?? 'unknown';
  const text = JSON.stringify({ name: 'launcher', pid: process.pid, identity });
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (create(path, text)) return () => rmSync(path, { force: true });
    const holder = readNote(path);
    if (holder !== undefined && isAlive(holder.pid, holder.identity)) {
      throw new Error(
        `${folder} is in use by another Erato (process ${holder.pid}): stop that one, or set ERATO_DATA_DIR to another folder`,
      );
    }
    takeOver(path);
  }
  throw new Error(`${path} could not be taken: remove it when no Erato runs on this folder`);
}
