import type { Page } from '@erato/contracts/kit/call';
import type { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Keyset, type PageRequest, type Sort } from '@erato/platform/paging/keyset';
import { Parameters } from './parameters.js';
import { Position } from './position.js';
import { specialTo } from './special.js';
import { Verdict } from './verdict.js';
import { authorsOf, ownersOf, type Kind, type Viewer } from './viewer.js';
import { sortKey } from '../workspace/workspace.entity.js';

/** A sort by what is shown in a field; texts by their {@link sortKey}. */
export interface ShownSort extends Sort {
  readonly field: 'createdAt' | 'publishedAt' | 'title' | 'name';
}

/** One list of workspaces or resources as its route asks for it. In every text the row is `r`. */
export interface Listing {
  readonly kind: Kind;
  /** Route, sort and filters: a cursor of another list is refused. */
  readonly named: readonly unknown[];
  readonly request: PageRequest & { readonly count?: 'exact' };
  readonly sort: ShownSort;
  /** What was asked for; adds its values to the parameters. Each begins with ` AND `. */
  readonly filters: (into: Parameters) => string;
  /** Whether what is shown to everyone, and whether the rest (closed, drafts, UNLISTED) can be among what was asked for. */
  readonly shown: boolean;
  readonly rest: boolean;
  /** The action that the viewer must be allowed on a row of the rest: `read`, or `update` where a draft is decided so. */
  readonly asUpdate: string;
  /** What is shown of one item: SQL of its JSON, with its id and the field of the sort. */
  readonly json: string;
  /** For a list of rows that another table names in order: where they come from, and that table's time and id. */
  readonly within?: { readonly from: string; readonly at: string; readonly id: string };
}

/** What a statement gives of all its rows: whether each is plain, and their JSON in lines. Nulls where there are none. */
type Read = readonly [plain: 't' | 'f' | null, lines: string | null];

const tables = { resource: 'resources', workspace: 'workspaces' } as const;
const isRest = { resource: 'NOT r.shown', workspace: `r.visibility = 'private'` } as const;
const isShown = { resource: 'r.shown', workspace: `r.visibility = 'public'` } as const;

/**
 * Reads a page of what the viewer may see, in one statement of up to three branches, each of which comes from an index in
 * the order of the sort and stops at the limit:
 *
 * - what is shown to everyone: public, LISTED, published. Only a deny on its path can hide it, so a row is looked at
 *   closer only where one about an audience stands there (`static_rows`) or one about the viewer;
 * - of that, what has no sort value (a status has no title), which comes last;
 * - the rest that the viewer may see, out of the candidates that some row, ownership or membership could open to him.
 */
export class ListStatement {
  readonly #into = new Parameters();
  readonly #verdict: Verdict;
  readonly #with: string[] = [];
  readonly #filters: string;
  readonly #keyset: Keyset;
  readonly #position: Position;
  readonly #fetch: string;

  constructor(
    private readonly listing: Listing,
    private readonly viewer: Viewer,
  ) {
    const { request, named, sort, kind } = listing;
    this.#verdict = new Verdict(kind, viewer, this.#into);
    this.#filters = listing.filters(this.#into);
    this.#keyset = new Keyset(request, named, sort, this.#into.next, 'r.id');
    this.#position = new Position(this.#keyset, sort, request, this.#into);
    this.#fetch = this.#into.add(this.#keyset.fetch, 'integer');
  }

  /**
   * Most viewers have nothing of their own in a list, and most lists nothing that hides: then the plain statement is the
   * answer, which costs what reading these rows costs. Whether it is, each row says.
   */
  async read(db: Pick<Db, 'texts'>): Promise<{ page: Page<unknown>; items: string }> {
    const into = new Parameters(this.#into);
    const plain = this.#plain(into);
    if (plain !== null) {
      const [read] = await db.texts<Read>(statement(this.#whole(plain)), into.values);
      if (read?.[0] === 't') return this.#page(read);
    }
    const branches = this.#branches();
    if (branches.length === 0) return this.#page();
    const [read] = await db.texts<Read>(statement(this.#whole(this.#text(branches))), this.#into.values);
    return this.#page(read);
  }

  /**
   * All rows of a statement as one, in their order, since a row of its own for each costs several times what is in it. JSON
   * holds no ends of lines but those between.
   */
  #whole(rows: string): string {
    return `SELECT bool_and(x.plain), string_agg(x.json, E'\\n') FROM (${rows}) x`;
  }

  #page([, lines = null]: Partial<Read> = []): { page: Page<unknown>; items: string } {
    const found = lines === null ? [] : lines.split('\n');
    const page = this.#keyset.page(
      found,
      (item) => placeOf(item, this.listing.sort),
      (item) => item,
    );
    return { page, items: page.data.join(',') };
  }

  /** What is shown to everyone, each row with whether that is all there is to it (`plain`); null where that cannot do. */
  #plain(into: Parameters): string | null {
    const { kind, sort, within, shown } = this.listing;
    const { administrator, ceiling } = this.viewer;
    const isValued = !sort.nullable || sort.column === 'r.published_at';
    if (administrator || ceiling || !shown || !isValued) return null;
    const position = this.#position.pastValued();
    if (position === null || this.#position.isUnvalued) return null;
    const direction = this.#position.direction;
    const inside = (text: string): string =>
      within ? text.replaceAll(sort.column, within.at).replaceAll('r.id', within.id) : text;
    const rows = within ? `${within.from} WHERE true` : `${tables[kind]} r WHERE ${isShown[kind]}`;
    const isPlain = `${isShown[kind]} AND NOT r.static_rows AND NOT ${specialTo(kind, this.viewer, into)}`;
    return `SELECT ${isPlain} AS plain, (${this.listing.json})::text AS json FROM ${rows}${this.#filters}${inside(position)}
      ORDER BY ${inside(`${sort.column} ${direction}, r.id ${direction}`)} LIMIT ${this.#fetch}`;
  }

  /** How many there are in all, after permissions. */
  static async count(db: Db, listing: Listing, viewer: Viewer): Promise<number> {
    const all = new ListStatement({ ...listing, request: {} }, viewer);
    const text = all
      .#all()
      .map((branch) => `SELECT count(*) AS n ${branch}`)
      .join(' UNION ALL ');
    if (text === '') return 0;
    const counted = await db.row<{ total: number }>(
      statement(
        `${all.#prelude()}SELECT COALESCE(sum(n), 0)::integer AS total FROM (${text}) x WHERE ${all.#named()}`,
      ),
      all.#into.values,
    );
    return counted?.total ?? 0;
  }

  #text(branches: readonly string[]): string {
    const [only] = branches;
    const source =
      branches.length === 1 && only !== undefined
        ? only
        : `SELECT * FROM (${branches.map((branch) => `(${branch})`).join(' UNION ALL ')}) r ORDER BY ${this.#keyset.order} LIMIT ${this.#fetch}`;
    return `${this.#prelude()}SELECT false AS plain, (${this.listing.json})::text AS json FROM (${source}) r WHERE ${this.#named()} ORDER BY ${this.#keyset.order}`;
  }

  /** Names the parameters that the branches may leave out: Postgres refuses one that no text names. */
  #named(): string {
    return `${this.#fetch} IS NOT NULL${this.#position.named()}`;
  }

  #prelude(): string {
    return this.#with.length > 0 ? `WITH ${this.#with.join(', ')} ` : '';
  }

  #branches(): string[] {
    const { sort } = this.listing;
    const direction = this.#position.direction;
    const valued = `${sort.column} ${direction}, r.id ${direction}`;
    const limit = `LIMIT ${this.#fetch}`;
    const branches: string[] = [];
    const add = (from: string, position: string | null, order: string): void => {
      if (position !== null) branches.push(`SELECT r.* ${from}${position} ORDER BY ${order} ${limit}`);
    };
    // Read from an index in order, which holds rows without a value apart from the others.
    const ordered = (from: string, isAlwaysValued = false): void => {
      if (!sort.nullable) {
        add(from, this.#keyset.where, valued);
        return;
      }
      add(`${from} AND ${sort.column} IS NOT NULL`, this.#position.pastValued(), valued);
      if (isAlwaysValued) return;
      add(`${from} AND ${sort.column} IS NULL`, this.#position.pastUnvalued(), `r.id ${direction}`);
    };
    const { within } = this.listing;
    if (within) {
      const inside = (text: string): string =>
        text.replaceAll(sort.column, within.at).replaceAll('r.id', within.id);
      add(this.#among(within.from, 'true'), inside(this.#keyset.where), inside(valued));
    } else if (this.listing.shown) {
      // What is shown always has a time of publication; a title it may lack.
      ordered(this.#shown(), sort.column === 'r.published_at');
    }
    if (this.listing.rest && this.viewer.administrator) ordered(this.#rest());
    else if (this.listing.rest) add(this.#rest(), this.#keyset.where, this.#keyset.order);
    return branches;
  }

  #all(): string[] {
    if (this.listing.within) return [this.#among(this.listing.within.from, 'true')];
    return [...(this.listing.shown ? [this.#shown()] : []), ...(this.listing.rest ? [this.#rest()] : [])];
  }

  #shown(): string {
    const { kind } = this.listing;
    return this.#among(`${tables[kind]} r`, isShown[kind]);
  }

  /** Rows of which most are shown to everyone, and what hides them from the viewer. */
  #among(rows: string, condition: string): string {
    const { kind } = this.listing;
    const from = `FROM ${rows} WHERE ${condition}${this.#filters}`;
    if (this.viewer.administrator) return from;
    const flagged = ['r.static_rows'];
    if (this.#isAddressed()) {
      this.#addWith(
        'denying',
        `SELECT object_type, object_id FROM access_rows WHERE subject_key = ANY (${this.#verdict.subjects()}) AND ${kind}_read = 3`,
      );
      const denied = (type: string): string =>
        `ARRAY(SELECT object_id FROM denying WHERE object_type = '${type}')`;
      const ways = [
        `r.id::text = ANY (${denied(kind)})`,
        `(r.owner_type = 'organization' AND r.owner_id = ANY (${denied('organization')}))`,
        ...(kind === 'resource' ? [`r.author_workspaces::text[] && ${denied('workspace')}`] : []),
      ];
      flagged.push(`(EXISTS (SELECT FROM denying) AND (${ways.join(' OR ')}))`);
    }
    const plain = this.viewer.ceiling ? 'false' : `${isShown[kind]} AND NOT (${flagged.join(' OR ')})`;
    return `${from} AND CASE WHEN ${plain} THEN true ELSE ${this.#verdict.may('read')} END`;
  }

  #rest(): string {
    const { kind, asUpdate } = this.listing;
    const table = tables[kind];
    if (this.viewer.administrator) return `FROM ${table} r WHERE ${isRest[kind]}${this.#filters}`;
    this.#addCandidates();
    const may = `CASE WHEN ${asUpdate} THEN ${this.#verdict.may('update')} ELSE ${this.#verdict.may('read')} END`;
    // OFFSET 0 keeps the look-up by primary key: candidates are few beside the table, which a generic plan cannot know.
    return `FROM candidates c CROSS JOIN LATERAL (SELECT * FROM ${table} WHERE id = c.id OFFSET 0) r
      WHERE ${isRest[kind]}${this.#filters} AND ${may}`;
  }

  /** Whatever some row about the viewer, his ownership, authorship or membership, or a row about an audience could open. */
  #addCandidates(): void {
    const { kind } = this.listing;
    const { viewer } = this;
    const table = tables[kind];
    const from: string[] = [
      kind === 'resource'
        ? 'SELECT id FROM resources WHERE opened AND NOT shown'
        : 'SELECT id FROM workspaces WHERE static_rows',
    ];
    const ids = ownersOf(viewer);
    const owned = `SELECT id FROM ${table} r WHERE ${isRest[kind]} AND r.owner_id = ANY`;
    if (ids.length > 0) from.push(`${owned} (${this.#into.add(ids, 'text[]')})`);
    const authored = 'SELECT resource_id FROM resource_authors WHERE NOT shown AND author_id = ANY';
    const { keyWorkspaceId } = viewer;
    if (kind === 'resource') {
      const authors = authorsOf(viewer);
      if (authors.length > 0) from.push(`${authored} (${this.#into.add(authors, 'text[]')})`);
    } else if (keyWorkspaceId !== null) {
      from.push(`SELECT ${this.#into.add(keyWorkspaceId, 'uuid')}`);
    }
    if (this.#isAddressed()) {
      this.#addWith(
        'mine',
        `SELECT object_type, object_id FROM access_rows WHERE subject_key = ANY (${this.#verdict.subjects()})`,
      );
      // Without the collation of the columns that it is compared with, their indexes could not be asked.
      const own = (type: string): string =>
        `SELECT object_id COLLATE "default" FROM mine WHERE object_type = '${type}'`;
      from.push(`SELECT object_id::uuid FROM mine WHERE object_type = '${kind}'`);
      from.push(`${owned} (ARRAY(${own('organization')}))`);
      if (kind === 'resource') {
        from.push(`${authored} (ARRAY(${own('workspace')}))`);
      }
    }
    this.#addWith('candidates', from.join(' UNION '));
  }

  #addWith(name: string, text: string): void {
    const part = `${name} AS MATERIALIZED (${text})`;
    if (!this.#with.includes(part)) this.#with.push(part);
  }

  #isAddressed(): boolean {
    return this.viewer.people.length + this.viewer.organizations.length > 0;
  }
}

/** Where an item stands in its list, of its JSON. */
function placeOf(item: string, { field, type }: ShownSort): { value: string | null; id: string } {
  const shown = JSON.parse(item) as { id: string } & Partial<Record<typeof field, string | null>>;
  const value = shown[field] ?? null;
  return { value: type === 'text' && value !== null ? sortKey(value) : value, id: shown.id };
}
