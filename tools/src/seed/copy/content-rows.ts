import { knownHosts } from './known-hosts.js';
import { Table } from './table.js';
import { ownerIn, personIn, type Cast } from '../api/cast.js';
import { idAt } from '../world/ids.js';
import type { AuthorPlan, ResourcePlan } from '../world/resource-plan.js';
import { excerptOf, shown } from '../world/texts.js';
import { workspaceAt, type LinkPlan, type WorkspacePlan } from '../world/workspace-plan.js';
import type { World } from '../world/world.js';

/** As services/content writes them: a test holds both to the same answers. */
const columns = {
  workspaces: 'id name name_key slug description kind owner_type owner_id visibility created_at updated_at',
  resources:
    'id short_id owner_type owner_id type title title_key excerpt excerpt_given status published_at author_workspaces author_users open created_at updated_at genre_key',
  posts: 'resource_id body body_html featured_image',
  songs: 'resource_id duration genre release_date isrc',
  albums: 'resource_id release_date cover_art_url upc',
  album_songs: 'album_resource_id song_resource_id track_number disc_number',
  artworks: 'resource_id image_url medium year alt',
  press_releases: 'resource_id body body_html contact boilerplate',
  resource_authors: 'resource_id author_type author_id accepted_at role position added_at listed_at shown',
  external_links: 'id subject_type subject_id position name url icon kind created_at updated_at',
} as const;

type TableName = keyof typeof columns;

const sortKey = (text: string): string => text.normalize('NFKC').toLowerCase().trim();

/** A resource's access path, as its row keeps it and as authz knows it. */
export interface AccessPath {
  readonly workspaces: readonly string[];
  readonly users: readonly string[];
  /** Whether all of its author workspaces are public. */
  readonly open: boolean;
}

/** Gathers the rows of content's tables. */
export class ContentRows {
  readonly #tables = new Map<TableName, Table>();
  readonly #workspaces = new Map<number, WorkspacePlan>();

  constructor(
    private readonly world: World,
    private readonly cast: Cast,
  ) {
    for (const name of Object.keys(columns) as TableName[]) {
      this.#tables.set(name, new Table(name, columns[name].split(' ')));
    }
  }

  /** In an order in which every row finds what it refers to. */
  get tables(): readonly Table[] {
    return [...this.#tables.values()];
  }

  addWorkspace(plan: WorkspacePlan): void {
    this.#workspaces.set(plan.number, plan);
    const { id, name, slug, description, kind, visibility } = plan;
    const { ownerType, ownerId } = ownerIn(this.cast, plan.owner);
    const made = new Date(plan.made);
    this.#table('workspaces').add([
      ...[id, name, sortKey(name), slug, description, kind, ownerType, ownerId, visibility],
      ...[made, made],
    ]);
    this.#addLinks('workspace', id, plan.links, made);
  }

  /** @param career all resources of its workspace: an album's songs are among them */
  addResource(plan: ResourcePlan, career: readonly ResourcePlan[]): AccessPath {
    const path = this.#pathOf(plan.authors);
    const { ownerType, ownerId } = ownerIn(this.cast, plan.owner);
    const made = new Date(plan.made);
    const published = plan.draft ? null : made;
    const key = plan.title === null ? null : sortKey(plan.title);
    const genre = plan.type === 'song' && plan.song.genre !== null ? sortKey(plan.song.genre) : null;
    this.#table('resources').add([
      ...[plan.id, plan.shortId, ownerType, ownerId, plan.type, plan.title, key, ...excerptIn(plan)],
      ...[plan.status, published, path.workspaces, path.users, path.open, made, made, genre],
    ]);
    this.#addAuthors(plan, path, made);
    this.#addPart(plan, career);
    this.#addLinks('resource', plan.id, plan.links, made);
    return path;
  }

  #table(name: TableName): Table {
    const table = this.#tables.get(name);
    if (table === undefined) throw new Error(`there is no table ${name}`);
    return table;
  }

  /** Mostly one of those that were added; a label's may be of an earlier block. */
  #workspace(number: number): WorkspacePlan {
    const known = this.#workspaces.get(number) ?? workspaceAt(this.world, number);
    this.#workspaces.set(number, known);
    return known;
  }

  #pathOf(authors: readonly AuthorPlan[]): AccessPath {
    const workspaces = authors.flatMap((author) =>
      'workspace' in author ? [this.#workspace(author.workspace)] : [],
    );
    return {
      workspaces: workspaces.map(({ id }) => id),
      users: authors.flatMap((author) => ('person' in author ? [personIn(this.cast, author.person)] : [])),
      open: workspaces.every(({ visibility }) => visibility === 'public'),
    };
  }

  #addAuthors(plan: ResourcePlan, path: AccessPath, made: Date): void {
    const isShown = plan.status === 'LISTED' && !plan.draft && path.open;
    const listed = plan.status === 'LISTED' && !plan.draft ? made : null;
    const { cast } = this;
    for (const [at, author] of plan.authors.entries()) {
      const who =
        'workspace' in author
          ? ['workspace', this.#workspace(author.workspace).id]
          : ['user', personIn(cast, author.person)];
      this.#table('resource_authors').add([
        ...[plan.id, ...who, made, author.role, at + 1, made, listed, isShown],
      ]);
    }
  }

  #addPart(plan: ResourcePlan, career: readonly ResourcePlan[]): void {
    const { id } = plan;
    switch (plan.type) {
      case 'post':
        this.#table('posts').add([id, plan.body, shown(plan.body).html, plan.featuredImage]);
        break;
      case 'song': {
        const { duration, genre, releaseDate, isrc } = plan.song;
        this.#table('songs').add([id, duration, genre, releaseDate, isrc?.replaceAll('-', '') ?? null]);
        break;
      }
      case 'album': {
        const { releaseDate, coverArtUrl, upc } = plan.album;
        this.#table('albums').add([id, releaseDate, coverArtUrl, upc]);
        for (const { slot, trackNumber, discNumber } of plan.tracks) {
          this.#table('album_songs').add([id, career[slot]?.id ?? null, trackNumber, discNumber]);
        }
        break;
      }
      case 'artwork': {
        const { imageUrl, medium, year, alt } = plan.artwork;
        this.#table('artworks').add([id, imageUrl, medium, year, alt]);
        break;
      }
      case 'press-release': {
        const { body, contact, boilerplate } = plan.pressRelease;
        this.#table('press_releases').add([id, body, shown(body).html, contact, boilerplate]);
      }
    }
  }

  #addLinks(
    subject: 'workspace' | 'resource',
    subjectId: string,
    links: readonly LinkPlan[],
    made: Date,
  ): void {
    for (const [at, { url, ...given }] of links.entries()) {
      const known = knownHosts[domainOf(url)];
      const { name = known?.name ?? '', icon = known?.icon ?? null, kind = 'stream' } = given;
      const id = idAt(made.getTime(), `${subjectId} link ${String(at)}`);
      this.#table('external_links').add([
        ...[id, subject, subjectId, at + 1, name, url, icon, kind, made, made],
      ]);
    }
  }
}

/** The last two parts of the host's name; faster than taking the whole address apart, a million times. */
const domainOf = (url: string): string => /^https:\/\/(?:[^/]+\.)?([^./]+\.[^./]+)/.exec(url)?.[1] ?? '';

/** The excerpt, and whether it was given: a status' own text, else cut from the body. */
function excerptIn(plan: ResourcePlan): readonly [string | null, boolean] {
  if (plan.type === 'status') return [plan.excerpt, true];
  if (plan.type === 'post') return [excerptOf(shown(plan.body).text), false];
  if (plan.type === 'press-release') return [excerptOf(shown(plan.pressRelease.body).text), false];
  return [null, false];
}
