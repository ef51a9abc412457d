/** A row of `permission_actions` (authz.md): what an action is called and what an allow of it allows beside it. */
export interface ActionRow {
  slug: string;
  implies: readonly string[];
}

/** Composite actions: a permission may name them, a decision is made for each of their parts (authz.md, "Tables"). */
export const compositeActions: ReadonlySet<string> = new Set(['write', 'manage']);

/** The actions that stand from the start (authz.md, "Tables"). `admin` implies every action, also ones added later. */
export const builtInActions: readonly ActionRow[] = [
  { slug: 'create', implies: [] },
  { slug: 'read', implies: [] },
  { slug: 'update', implies: ['read'] },
  { slug: 'delete', implies: ['read'] },
  { slug: 'publish', implies: ['read'] },
  { slug: 'write', implies: ['create', 'read', 'update'] },
  { slug: 'manage', implies: ['create', 'read', 'update', 'delete'] },
  { slug: 'admin', implies: ['create', 'read', 'update', 'delete', 'publish', 'write', 'manage'] },
];

/** Whoever is denied one of these is denied everything: who may not read may do nothing else either. */
const denyEverything: ReadonlySet<string> = new Set(['read', 'admin']);

/** One byte an action, by its number: 1 where the action is in the set. */
export type ActionSet = Uint8Array;

/** What a role or a membership grants, by object type. */
export type CompiledGrants = ReadonlyMap<string, ActionSet>;

/** The asked action is in no row of `permission_actions`: 400 `unknown_action` at the edge, never an answer. */
export class UnknownActionError extends Error {
  constructor(readonly slug: string) {
    super(`unknown action "${slug}"`);
    this.name = 'UnknownActionError';
  }
}

/** Distinct sets kept before they are forgotten and made again; a bound, not a setting. */
const internLimit = 10_000;

/**
 * The actions, numbered, with what an allow and a deny of each means worked out once. The built-in ones mean
 * what authz.md says whatever the rows say; rows add others. A changed table is a new one: what was compiled
 * against the old one compiles itself again on its next use.
 */
export class ActionTable {
  readonly slugs: readonly string[];
  /** By action number: what an allow of it allows. */
  readonly allows: readonly ActionSet[];
  /** By action number: what a deny of it denies. */
  readonly denies: readonly ActionSet[];
  private readonly numbers: ReadonlyMap<string, number>;
  private readonly asked: ReadonlyMap<string, readonly number[]>;
  private readonly sets = new Map<string, ActionSet>();
  private readonly grantSets = new Map<string, CompiledGrants>();

  constructor(rows: Iterable<ActionRow> = []) {
    const implies = new Map<string, readonly string[]>();
    for (const row of rows) implies.set(row.slug, row.implies);
    for (const row of builtInActions) implies.set(row.slug, row.implies);
    this.slugs = [...implies.keys()];
    this.numbers = new Map(this.slugs.map((slug, number) => [slug, number]));
    this.allows = this.slugs.map((slug) => this.setOf(closure(slug, implies)));
    this.denies = this.slugs.map((slug) => this.setOf(denied(slug, implies)));
    this.asked = new Map(
      this.slugs.map((slug, number) => {
        if (!compositeActions.has(slug)) return [slug, [number]];
        return [
          slug,
          (implies.get(slug) ?? []).map((part) => this.number(part)).filter((n) => n !== undefined),
        ];
      }),
    );
  }

  /** The action's number, or undefined where no row has that slug. */
  number(slug: string): number | undefined {
    return this.numbers.get(slug);
  }

  /** The slug of an action's number. */
  slug(number: number): string {
    const slug = this.slugs[number];
    if (slug === undefined) throw new RangeError(`no action has number ${number}`);
    return slug;
  }

  /**
   * What must be decided to answer for an action: the action itself, or each part of a composite one.
   *
   * @throws UnknownActionError
   */
  parts(slug: string): readonly number[] {
    const parts = this.asked.get(slug);
    if (parts === undefined) throw new UnknownActionError(slug);
    return parts;
  }

  /** Whether one of the listed actions, being allowed, allows the action of that number; slugs of no row allow nothing. */
  isAllowedBy(listed: readonly string[], action: number): boolean {
    for (const slug of listed) {
      const number = this.numbers.get(slug);
      if (number !== undefined && this.allows[number]?.[action] === 1) return true;
    }
    return false;
  }

  /** The grants of a role, by object type; equal grants are one value in memory, however many assignments hold them. */
  grants(grants: Readonly<Record<string, readonly string[]>>): CompiledGrants {
    const entries = Object.entries(grants);
    const key = JSON.stringify(entries);
    const known = this.grantSets.get(key);
    if (known) return known;
    const compiled = new Map(entries.map(([type, actions]) => [type, this.unionOf(actions)]));
    if (this.grantSets.size >= internLimit) this.grantSets.clear();
    this.grantSets.set(key, compiled);
    return compiled;
  }

  private unionOf(actions: readonly string[]): ActionSet {
    // NOTE: as JSON, since slugs of unchecked grants may hold any separator
    const key = JSON.stringify(actions);
    const known = this.sets.get(key);
    if (known) return known;
    const set = Uint8Array.from(this.slugs, (_, action) => (this.isAllowedBy(actions, action) ? 1 : 0));
    if (this.sets.size >= internLimit) this.sets.clear();
    this.sets.set(key, set);
    return set;
  }

  private setOf(slugs: ReadonlySet<string>): ActionSet {
    return Uint8Array.from(this.slugs, (slug) => (slugs.has(slug) ? 1 : 0));
  }
}

/** The action and everything that it implies, also through others; a circle of rows ends where it began. */
function closure(slug: string, implies: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set([slug]);
  for (const one of reached) {
    if (one === 'admin') return new Set(implies.keys());
    for (const next of implies.get(one) ?? []) reached.add(next);
  }
  return reached;
}

/** "A deny denies that action; `deny write` denies create and update, `deny manage` create, update and delete". */
function denied(slug: string, implies: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  if (denyEverything.has(slug)) return new Set(implies.keys());
  if (!compositeActions.has(slug)) return new Set([slug]);
  return new Set((implies.get(slug) ?? []).filter((part) => part !== 'read'));
}
