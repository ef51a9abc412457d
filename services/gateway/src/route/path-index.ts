import type { Method } from '@erato/contracts/kit/call';

interface Known {
  readonly segments: readonly string[];
  readonly methods: Set<Method | 'HEAD'>;
}

/** Knows which methods a path has, so that a wrong one is 405 with `Allow`, not 404. */
export class PathIndex {
  readonly #known = new Map<string, Known>();

  add(method: Method, path: string): void {
    const known = this.#known.get(path) ?? { segments: path.split('/'), methods: new Set() };
    known.methods.add(method);
    if (method === 'GET') known.methods.add('HEAD');
    this.#known.set(path, known);
  }

  /** The methods of the path, none where there is no such path. */
  methodsOf(path: string): (Method | 'HEAD')[] {
    const given = path.split('/');
    const methods = new Set<Method | 'HEAD'>();
    for (const { segments, methods: own } of this.#known.values()) {
      const fits =
        segments.length === given.length && segments.every((part, at) => fitsSegment(part, given[at] ?? ''));
      if (fits) for (const method of own) methods.add(method);
    }
    return [...methods];
  }
}

/** A segment is a text, or a parameter behind a text that may be empty: `{id}`, `@{slug}`. */
function fitsSegment(part: string, given: string): boolean {
  const at = part.indexOf('{');
  return at < 0 ? part === given : given.startsWith(part.slice(0, at)) && given.length > at;
}
