import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place in a built file, as a stack names it. */
const place = /((?:file:\/\/)?\/[^\s()]+\/dist\/[^\s():]+\.js):(\d+):(\d+)/g;

const maps = new Map<string, SourceMap | null>();

/**
 * A stack with places in the sources in place of built files. The maps are read when a stack is told: with
 * `--enable-source-maps` Node reads those of all modules at the start, which takes a tenth of a process' memory.
 */
export function sourceStack(stack: string): string {
  return stack.replaceAll(place, (built: string, file: string, line: string, column: string) => {
    const path = file.startsWith('file:') ? fileURLToPath(file) : file;
    const found = mapOf(path)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!found || !('originalSource' in found)) return built;
    const source = resolve(dirname(path), found.originalSource);
    return `${source}:${String(found.originalLine + 1)}:${String(found.originalColumn + 1)}`;
  });
}

/** Null where a file has no map beside it, or none that can be read. */
function mapOf(path: string): SourceMap | null {
  let map = maps.get(path);
  if (map === undefined) {
    try {
      map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')) as SourceMapPayload);
    } catch {
      map = null;
    }
    maps.set(path, map);
  }
  return map;
}
