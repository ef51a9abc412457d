import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks until the answer is true. Resolves to false when the time is over.
 * @param withinMs how long to ask, in milliseconds
 * @param everyMs the pause between two questions, in milliseconds
 */
export async function until(
  question: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 25,
): Promise<boolean> {
  const end = performance.now() + withinMs;
  for (;;) {
    if (await question()) return true;
    if (performance.now() >= end) return false;
    await delay(everyMs);
  }
}
