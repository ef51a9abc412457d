import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a field's JSON is made of: its column, and how that is written. */
type Field = readonly [
  name: string,
  column: string,
  type: 'uuid' | 'text' | 'timestamptz' | 'integer' | 'jsonb',
];

const shown: Readonly<Record<'resource' | 'workspace', readonly Field[]>> = {
  resource: [
    ['id', 'id', 'uuid'],
    ['shortId', 'short_id', 'text'],
    ['type', 'type', 'text'],
    ['ownerType', 'owner_type', 'text'],
    ['ownerId', 'owner_id', 'text'],
    ['title', 'title', 'text'],
    ['excerpt', 'excerpt', 'text'],
    ['status', 'status', 'text'],
    ['publishAt', 'publish_at', 'timestamptz'],
    ['publishedAt', 'published_at', 'timestamptz'],
    ['createdAt', 'created_at', 'timestamptz'],
    ['updatedAt', 'updated_at', 'timestamptz'],
    ['version', 'version', 'integer'],
  ],
  workspace: [
    ['id', 'id', 'uuid'],
    ['name', 'name', 'text'],
    ['slug', 'slug', 'text'],
    ['description', 'description', 'text'],
    ['kind', 'kind', 'text'],
    ['ownerType', 'owner_type', 'text'],
    ['ownerId', 'owner_id', 'text'],
    ['avatarUrl', 'avatar_url', 'text'],
    ['bannerUrl', 'banner_url', 'text'],
    ['themeConfig', 'theme_config', 'jsonb'],
    ['visibility', 'visibility', 'text'],
    ['createdAt', 'created_at', 'timestamptz'],
    ['updatedAt', 'updated_at', 'timestamptz'],
    ['version', 'version', 'integer'],
  ],
};

/** Of the n-th parameter. Times are RFC 3339 in UTC with milliseconds, which no setting of a session changes. */
function written([, , type]: Field, at: number): string {
  const parameter = `$${at + 1}`;
  if (type !== 'timestamptz') return `coalesce(to_json(${parameter})::text, 'null')`;
  const time = `to_char(${parameter} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return `coalesce('"' || ${time} || '"', 'null')`;
}

/**
 * What is shown of a resource or workspace, as JSON, in its row: most reads pass it on as it stands, and writing it once is
 * cheaper than at each of them. Postgres keeps it (docs/decisions/0023-rows-keep-their-json.md). The functions are immutable in
 * fact, though `to_json` and `to_char` for other types and formats are not.
 */
abstract class StoredJson implements MigrationInterface {
  abstract readonly name: string;

  constructor(private readonly kind: keyof typeof shown) {}

  async up(runner: QueryRunner): Promise<void> {
    const { kind } = this;
    const fields = shown[kind];
    const parts = fields.map((field, at) => `'${at === 0 ? '{' : ','}"${field[0]}":', ${written(field, at)}`);
    await runner.query(`
      CREATE FUNCTION ${kind}_json(${typesOf(fields)}) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
        AS $$ BEGIN RETURN concat(${parts.join(', ')}, '}'); END $$;
      ALTER TABLE ${kind}s ADD COLUMN json text NOT NULL
        GENERATED ALWAYS AS (${kind}_json(${fields.map(([, column]) => column).join(', ')})) STORED;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE ${this.kind}s DROP COLUMN json;
      DROP FUNCTION ${this.kind}_json(${typesOf(shown[this.kind])});
    `);
  }
}

const typesOf = (fields: readonly Field[]): string => fields.map(([, , type]) => type).join(', ');

// Each table by itself: writes lock both, in the other order, and a table stays locked while it is written anew.

export class WorkspacesStoredJson1764100000000 extends StoredJson {
  readonly name = 'WorkspacesStoredJson1764100000000';

  constructor() {
    super('workspace');
  }
}

export class ResourcesStoredJson1764100000001 extends StoredJson {
  readonly name = 'ResourcesStoredJson1764100000001';

  constructor() {
    super('resource');
  }
}
