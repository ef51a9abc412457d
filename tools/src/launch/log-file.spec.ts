import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { boundLog, LogFile } from './log-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erato-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a log file', () => {
  it('is bounded: the older half moves aside, and what was aside goes', () => {
    const log = new LogFile(join(folder, 'logs', 'x.log'), 1_000);
    for (let index = 0; index < 100; index += 1) log.write(`${String(index).padStart(99)}\n`);
    log.close();
    expect(statSync(log.path).size).toBeLessThanOrEqual(1_200);
    expect(statSync(`${log.path}.1`).size).toBeLessThanOrEqual(1_200);
    expect(readFileSync(log.path, 'utf8')).toContain('99\n');
  });

  it('goes on where an earlier process stopped', () => {
    const path = join(folder, 'x.log');
    for (const text of ['one\n', 'two\n']) {
      const log = new LogFile(path);
      log.write(text);
      log.close();
    }
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('of another process is cut off when it has grown', () => {
    const path = join(folder, 'y.log');
    appendFileSync(path, 'x'.repeat(2_000));
    boundLog(path, 1_000);
    expect([statSync(path).size, statSync(`${path}.1`).size]).toEqual([0, 2_000]);
    boundLog(join(folder, 'missing.log'), 1_000);
  });
});
