import type { TextValue } from '@erato/platform/database/text-reads';
import type { Parameters } from './parameters.js';
import type { Kind, ListedAction, Under, Viewer } from './viewer.js';

/** The distances at which the elements of a path stand, outwards. */
const distance: Readonly<Record<Kind, string>> = {
  resource: `CASE a.object_type WHEN 'resource' THEN 0 WHEN 'workspace' THEN 1 ELSE 2 END`,
  workspace: `CASE a.object_type WHEN 'workspace' THEN 0 ELSE 1 END`,
};

/** Rows on the path of the object `r`. */
const onPath: Readonly<Record<Kind, string>> = {
  resource: `((a.object_type = 'resource' AND a.object_id = r.id::text)
    OR (a.object_type = 'workspace' AND a.object_id = ANY (r.author_workspaces::text[]))
    OR (a.object_type = 'organization' AND r.owner_type = 'organization' AND a.object_id = r.owner_id))`,
  workspace: `((a.object_type = 'workspace' AND a.object_id = r.id::text)
    OR (a.object_type = 'organization' AND r.owner_type = 'organization' AND a.object_id = r.owner_id))`,
};

/** The workspaces on the path of the object `r`. */
const workspaces: Readonly<Record<Kind, string>> = {
  resource: 'r.author_workspaces::text[]',
  workspace: 'ARRAY[r.id::text]',
};

/**
 * The decision of authz.md as an SQL condition on the row `r`: whether the viewer may do that to it. It answers exactly as
 * `decide` of libs/policy does on the same facts, which a property test holds it to.
 */
export class Verdict {
  readonly #parameters = new Map<string, string>();

  constructor(
    private readonly kind: Kind,
    private readonly viewer: Viewer,
    private readonly into: Parameters,
  ) {}

  may(action: ListedAction): string {
    const { viewer } = this;
    if (viewer.administrator) return 'true';
    const decided = `(${this.#owner()} OR COALESCE(${this.#voice(action)}, ${this.#byDefault(action)}))`;
    return viewer.ceiling ? `(${this.#underCeiling(action)} AND ${decided})` : decided;
  }

  /** Whom a row must address to be about the viewer himself, not about an audience: `user:…`, `team:…`, `organization:…`. */
  subjects(): string {
    const { people, organizations } = this.viewer;
    return this.#value('subjects', [...people, ...organizations], 'text[]');
  }

  #owner(): string {
    const { userId, adminOf } = this.viewer;
    const ways = [
      userId !== null && `(r.owner_type = 'user' AND r.owner_id = ${this.#value('user', userId, 'text')})`,
      adminOf.length > 0 &&
        `(r.owner_type = 'organization' AND r.owner_id = ANY (${this.#value('admin', adminOf, 'text[]')}))`,
      this.#keyOwns(),
    ].filter((way) => way !== false);
    return ways.length > 0 ? `(${ways.join(' OR ')})` : 'false';
  }

  /** A key owns its workspace, and of the resources that it authored those of the same owner. */
  #keyOwns(): string | false {
    const { keyWorkspaceId, keyOwner } = this.viewer;
    if (keyWorkspaceId === null) return false;
    const authored = `${this.#value('key', keyWorkspaceId, 'text')} = ANY (${workspaces[this.kind]})`;
    if (this.kind === 'workspace') return authored;
    if (keyOwner === null) return false;
    const { type, id } = keyOwner;
    return `(${authored} AND r.owner_type = ${this.#value('key owner type', type, 'text')} AND r.owner_id = ${this.#value('key owner', id, 'text')})`;
  }

  /** What the first voice that speaks says, at the first distance at which it does; null where none speaks. */
  #voice(action: ListedAction): string {
    const { kind, viewer } = this;
    const says = `a.${kind}_${action}`;
    const rows = `FROM access_rows a WHERE ${onPath[kind]} AND (a.expires_at IS NULL OR a.expires_at > now())`;
    const voices = [
      `SELECT a.rank::integer AS rank, ${distance[kind]} AS distance, ${says}::integer AS strength, ${says} <> 3 AS yes
       ${rows} AND ${says} > 0 AND (${this.#addressed()})`,
    ];
    if (viewer.people.length + viewer.adminOf.length > 0) {
      // An author workspace's owner is not the resource's.
      const counts = kind === 'resource' ? ` AND a.object_type <> 'workspace'` : '';
      voices.push(
        `SELECT -1, 0, 0, true ${rows} AND a.is_owner${counts} AND a.subject_key = ANY (${this.#owners()})`,
      );
    }
    const members = viewer.members[kind][action];
    if (members.length > 0) {
      const orgs = this.#value(`member:${action}`, members, 'text[]');
      voices.push(`SELECT 2, 2, 1, true WHERE r.owner_type = 'organization' AND r.owner_id = ANY (${orgs})`);
    }
    return `(SELECT v.yes FROM (${voices.join(' UNION ALL ')}) v ORDER BY v.rank, v.distance, v.strength DESC LIMIT 1)`;
  }

  #addressed(): string {
    const { viewer } = this;
    const known = viewer.people.length + viewer.organizations.length > 0;
    const followers = this.#audience('follower', viewer.followed);
    const subscribers = this.#audience('subscriber', viewer.subscribed);
    const ways = [
      known && `a.subject_key = ANY (${this.subjects()})`,
      `a.subject_key = 'static:guest'`,
      viewer.authenticated && `a.subject_key = 'static:authenticated'`,
      followers,
      subscribers,
    ];
    return ways.filter((way) => way !== false).join(' OR ');
  }

  /** A row on a workspace reaches the audience of that workspace, one elsewhere that of any workspace on the path. */
  #audience(audience: 'follower' | 'subscriber', of: readonly string[]): string | false {
    if (of.length === 0) return false;
    const ids = this.#value(audience, of, 'text[]');
    return `(a.subject_key = 'static:${audience}' AND CASE a.object_type WHEN 'workspace' THEN a.object_id = ANY (${ids})
      ELSE ${workspaces[this.kind]} && ${ids} END)`;
  }

  /** Whose `is_owner` assignments the viewer holds: his own, his teams', and of organizations where he is admin. */
  #owners(): string {
    const { people, adminOf } = this.viewer;
    return this.#value('owners', [...people, ...adminOf.map((id) => `organization:${id}`)], 'text[]');
  }

  /** What content states for everyone, and for the users who are authors (content.md, Rules). */
  #byDefault(action: ListedAction): string {
    if (this.kind === 'workspace') return action === 'read' ? `r.visibility = 'public'` : 'false';
    const { userId } = this.viewer;
    const author =
      userId === null ? 'false' : `${this.#value('user', userId, 'text')} = ANY (r.author_users)`;
    return action === 'read' ? `(r.open OR ${author})` : author;
  }

  /** Read from the object outwards, the first distance at which the ceiling names anything decides. */
  #underCeiling(action: ListedAction): string {
    const { ceiling } = this.viewer;
    const elements: [string, Under | null | undefined, (ids: string) => string][] = [
      ['workspace', ceiling?.workspace, (ids) => `${workspaces[this.kind]} && ${ids}`],
      [
        'organization',
        ceiling?.organization,
        (ids) => `(r.owner_type = 'organization' AND r.owner_id = ANY (${ids}))`,
      ],
    ];
    if (this.kind === 'resource') {
      elements.unshift(['resource', ceiling?.resource, (ids) => `r.id::text = ANY (${ids})`]);
    }
    const any: Readonly<Record<string, string>> = {
      resource: 'true',
      workspace: this.kind === 'workspace' ? 'true' : 'cardinality(r.author_workspaces) > 0',
      organization: `r.owner_type = 'organization'`,
    };
    const cases = elements.flatMap(([type, under, named]) => {
      if (!under) return [];
      const on = under.ids ? named(this.#value(`ceiling:${type}`, under.ids, 'text[]')) : any[type];
      return [`WHEN ${on ?? 'false'} THEN ${under.allows[action]}`];
    });
    return cases.length > 0 ? `CASE ${cases.join(' ')} ELSE false END` : 'false';
  }

  /** One parameter a value, however often the text names it. */
  #value(name: string, value: TextValue, type: string): string {
    const known = this.#parameters.get(name) ?? this.into.add(value, type);
    this.#parameters.set(name, known);
    return known;
  }
}
