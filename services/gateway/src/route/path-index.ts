import type { Method } from '@erato/contracts/kit/call';

interface Known {
  readonly segments: readonly string[];
  readonly methods: Set<Method | 'HEAD'>;
}

/** A path with one of its methods. */
interface Place {
  readonly method: Method;
  readonly path: string;
}

/**
 * Knows which methods a path has, so that a wrong one is 405 with `Allow`, not 404. Of two paths that fit, the one that has a word
 * where the other has a parameter is meant: `/permissions/check` is no id of a permission.
 */
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
    let closest: Known | undefined;
    for (const known of this.#known.values()) {
      if (!fits(known.segments, given)) continue;
      if (!closest || isCloser(known.segments, closest.segments)) closest = known;
    }
    return [...(closest?.methods ?? [])];
  }

  /** What a router would take for another path, since the one that is meant does not have the method. */
  mistakable(): Place[] {
    const all = [...this.#known];
    return all.flatMap(([path, { segments, methods }]) => {
      const others = all.filter(
        ([, other]) => isCloser(segments, other.segments) && meet(segments, other.segments),
      );
      const taken = new Set(others.flatMap(([, other]) => [...other.methods]));
      return [...taken].flatMap((method) =>
        method === 'HEAD' || methods.has(method) ? [] : [{ method, path }],
      );
    });
  }
}

const isParameter = (segment: string | undefined): boolean => segment?.includes('{') ?? false;

const fits = (segments: readonly string[], given: readonly string[]): boolean =>
  segments.length === given.length && segments.every((part, at) => fitsSegment(part, given[at] ?? ''));

/** A segment is a text, or a parameter behind a text that may be empty: `{id}`, `@{slug}`. */
function fitsSegment(part: string, given: string): boolean {
  const at = part.indexOf('{');
  return at < 0 ? part === given : given.startsWith(part.slice(0, at)) && given.length > at;
}

/** Whether there are paths that fit both. */
const meet = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length &&
  one.every((part, at) => {
    const its = other[at] ?? '';
    if (isParameter(part)) return isParameter(its) || fitsSegment(part, its);
    return fitsSegment(its, part);
  });

/** Whether it has a word at the first place where only one of them has a parameter. */
function isCloser(segments: readonly string[], than: readonly string[]): boolean {
  const at = segments.findIndex((part, place) => isParameter(part) !== isParameter(than[place]));
  return at >= 0 && !isParameter(segments[at]);
}
