import { setTimeout as wait } from 'node:timers/promises';

/**
 * A fetch that begins at most so many requests a second, evenly: what fills an installation is one caller among others, and
 * stays below the rate of a key (http.md, Limits).
 */
export function pacedFetch(perSecond: number): typeof fetch {
  const gap = 1_000 / perSecond;
  let next = 0;
  return async (input, init) => {
    const now = performance.now();
    const at = Math.max(now, next);
    next = at + gap;
    if (at > now) await wait(at - now);
    return fetch(input, init);
  };
}
