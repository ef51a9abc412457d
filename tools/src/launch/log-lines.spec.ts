import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Lines, shortLine, Trickle } from './log-lines.js';

describe('lines of a stream', () => {
  it('are the same however the text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z ]*[a-z]$/)), fc.array(fc.nat(200)), (lines, cuts) => {
        const text = lines.map((line) => `${line}\n`).join('');
        const seen: string[] = [];
        const cutter = new Lines((line) => seen.push(line));
        const at = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        at.slice(1).forEach((end, index) => cutter.push(text.slice(at[index], end)));
        expect(seen).toEqual(lines);
      }),
    );
  });
});

describe('a log line in short', () => {
  it('is told for warnings and worse, with the cause', () => {
    const line = JSON.stringify({
      level: 'error',
      msg: 'a write failed',
      err: { message: 'disk full', stack: 'x' },
    });
    expect(shortLine(line)).toBe('error a write failed: disk full');
    expect(shortLine('{"level":40,"msg":"slow"}')).toBe('warn slow');
  });

  it('is nothing for what only the file keeps', () => {
    expect(shortLine('{"level":"info","msg":"ready"}')).toBeUndefined();
    expect(shortLine('{"level":30,"msg":"ready"}')).toBeUndefined();
  });

  it('is nothing for what is no log line', () => {
    expect(shortLine('listening on port 80')).toBeUndefined();
    expect(shortLine('{ torn')).toBeUndefined();
  });
});

describe('a trickle', () => {
  it('shows the first lines of each span and counts the others', () => {
    const shown: string[] = [];
    const trickle = new Trickle((line) => shown.push(line), 2, 1_000);
    for (const line of ['a', 'b', 'c', 'd']) trickle.push(line, 5_000);
    trickle.push('e', 6_500);
    expect(shown).toEqual(['a', 'b', '… and 2 more lines, see its log', 'e']);
  });
});
