/** Waits until the probe gives something truthy (or stops throwing), and gives it; fails after `within` milliseconds. */
export async function settle<T>(probe: () => Promise<T> | T, within = 10_000): Promise<NonNullable<T>> {
  const end = Date.now() + within;
  let last: unknown = 'it stayed untrue';
  for (;;) {
    try {
      const value = await probe();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`not settled within ${within} ms`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
