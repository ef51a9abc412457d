import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { sourceStack } from './source-stack.js';

const folder = mkdtempSync(join(tmpdir(), 'erato-stack-'));
mkdirSync(join(folder, 'dist'));
const built = join(folder, 'dist', 'call.js');
// The first place of line 2 of the built file stands for line 3, column 5 of the source.
const map = { version: 3, sources: ['../src/call.ts'], names: [], mappings: ';AAEI' };
writeFileSync(`${built}.map`, JSON.stringify(map));

describe('a stack', () => {
  it.each([
    ['a path', built],
    ['an address', pathToFileURL(built).href],
  ])('names the place in the source for %s', (_, file) => {
    expect(sourceStack(`Error: no\n    at call (${file}:2:1)\n    at node:internal/x:1:1`)).toBe(
      `Error: no\n    at call (${join(folder, 'src', 'call.ts')}:3:5)\n    at node:internal/x:1:1`,
    );
  });

  it('stays as it is where there is no map, or none that can be read', () => {
    writeFileSync(join(folder, 'dist', 'broken.js.map'), '{');
    for (const name of ['none.js', 'broken.js']) {
      const stack = `Error: no\n    at ${join(folder, 'dist', name)}:1:1`;
      expect(sourceStack(stack)).toBe(stack);
    }
  });
});
