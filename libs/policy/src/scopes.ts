/** The scope family of each object type's own routes (http.md, "Scopes"). `member` and types added later have none. */
const families: ReadonlyMap<string, string> = new Map([
  ['organization', 'organizations'],
  ['workspace', 'workspaces'],
  ['resource', 'resources'],
  ['collection', 'collections'],
  ['engagement_comment', 'engagements'],
  ...['artist_space', 'project', 'track', 'file', 'comment'].map((type) => [type, 'studio'] as const),
  ...['harbor', 'blueprint', 'content', 'asset', 'workflow', 'setting'].map((type) => [type, 'cms'] as const),
]);

/**
 * The scope that the routes of an object type ask for an action: `resources:read`, `cms:write`. Undefined for a type
 * without routes of its own. A service leaves scopes to the route that it serves; a check of permissions, whose own
 * route asks for `permissions:read`, gives this one to the decision, so that it answers what the key could do.
 */
export function scopeOf(objectType: string, action: string): string | undefined {
  const family = families.get(objectType);
  return family === undefined ? undefined : `${family}:${action === 'read' ? 'read' : 'write'}`;
}

/** Whether scopes hold one: `admin` holds everything, `write` holds `read` (http.md). */
export function holdsScope(scopes: readonly string[], scope: string): boolean {
  if (scopes.includes('admin') || scopes.includes(scope)) return true;
  return scope.endsWith(':read') && scopes.includes(`${scope.slice(0, -':read'.length)}:write`);
}
