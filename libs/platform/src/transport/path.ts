/** Fills `{name}` in a path from the first source that has a text or number of that name. */
export function fillPath(template: string, ...sources: unknown[]): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    for (const source of sources) {
      const found: unknown =
        typeof source === 'object' && source !== null ? Reflect.get(source, name) : undefined;
      if (typeof found === 'string' || typeof found === 'number') return encodeURIComponent(String(found));
    }
    throw new Error(`Nothing fills {${name}} in ${template}`);
  });
}
