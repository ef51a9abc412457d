/** The fields of a patch that would change something, compared as JSON; a field that is the same is no change. */
export function changedFields<T extends object>(current: T, wanted: Partial<T>): Partial<T> {
  const changed = Object.entries(wanted).filter(
    ([key, value]) =>
      value !== undefined && JSON.stringify(value) !== JSON.stringify(Reflect.get(current, key) as unknown),
  );
  return Object.fromEntries(changed) as Partial<T>;
}
