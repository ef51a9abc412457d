import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readText, writePrivate } from './files.js';
import { isAlive, processIdentity } from './process-identity.js';

/** A process as it was when it started: its pid, and what tells it from a later one with the same pid. */
export interface NotedProcess {
  readonly name: string;
  readonly pid: number;
  readonly identity: string;
}

const path = (folder: string, name: string): string => join(folder, `${name}.pid.json`);

/** Notes a started process in a folder, so that a later launcher finds it when this one was killed. */
export function notePid(folder: string, name: string, pid: number): void {
  const identity = processIdentity(pid);
  if (identity !== undefined) writePrivate(path(folder, name), JSON.stringify({ name, pid, identity }));
}

/** Forgets a process that ended. */
export const forgetPid = (folder: string, name: string): void => rmSync(path(folder, name), { force: true });

/** Reads one note; undefined when it is missing or damaged. */
export function readNote(file: string): NotedProcess | undefined {
  try {
    const note: unknown = JSON.parse(readText(file) ?? 'null');
    if (note === null || typeof note !== 'object') return undefined;
    const { name, pid, identity } = note as Record<string, unknown>;
    if (typeof name !== 'string' || typeof pid !== 'number' || typeof identity !== 'string') return undefined;
    return { name, pid, identity };
  } catch {
    return undefined;
  }
}

/** The noted processes of a folder that still live. Notes of ended ones are removed. */
export function leftOvers(folder: string): NotedProcess[] {
  let files: string[];
  try {
    files = readdirSync(folder).filter((file) => file.endsWith('.pid.json'));
  } catch {
    return [];
  }
  return files.flatMap((file) => {
    const note = readNote(join(folder, file));
    if (note !== undefined && isAlive(note.pid, note.identity)) return [note];
    rmSync(join(folder, file), { force: true });
    return [];
  });
}
