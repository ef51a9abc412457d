import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { dataSource, migrate } from '@erato/platform/database/data-source';
import { openLog } from '@erato/platform/service/log';
import { startInfra, type Infra } from '@erato/testing/infra';
import { resourceColumns, toResource, type ResourceRow } from '../src/resource/resource-view.js';
import { contentService } from '../src/service.js';
import { toWorkspace, workspaceColumns, type WorkspaceRow } from '../src/workspace/workspace-view.js';

/** Whatever Postgres can hold, with what JSON escapes often in it. */
const anyText = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\t', '\u0001', '\u007f', '\u2028', 'ü', '🎶') }),
  )
  .map((text) => text.replaceAll('\0', ''));
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const time = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });

describe('the JSON that rows keep', () => {
  let infra: Infra;
  let source: DataSource;

  beforeAll(async () => {
    infra = await startInfra();
    const url = await infra.database('content');
    source = dataSource(url, 2, contentService.database, openLog('content', 'fatal'));
    await source.initialize();
    await migrate(source);
  }, 60_000);

  afterAll(async () => {
    await source.destroy();
    await infra.close();
  });

  /** Puts a row into an empty table and reads it back, whatever the session's settings. */
  const kept = async <R>(table: string, columns: string, row: Record<string, unknown>): Promise<R> => {
    const names = Object.keys(row);
    const values = names.map((_, at) => `$${at + 1}`);
    return source.transaction(async (runner) => {
      await runner.query(`SET LOCAL timezone = 'Asia/Kathmandu'; SET LOCAL datestyle = 'German'`);
      await runner.query(`DELETE FROM ${table}`);
      await runner.query(
        `INSERT INTO ${table} (${names.join(', ')}) VALUES (${values.join(', ')})`,
        Object.values(row),
      );
      await runner.query(`SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'`);
      const [found]: R[] = await runner.query(`SELECT ${columns}, r.json FROM ${table} r`);
      if (found === undefined) throw new Error('the row is not there');
      return found;
    });
  };

  it('is to the byte what JavaScript writes of a resource', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          id: fc.uuid(),
          short_id: fc.string({ unit: fc.constantFrom('a', 'Z', '7'), minLength: 10, maxLength: 10 }),
          owner_type: fc.constantFrom('user', 'organization'),
          owner_id: anyText,
          title: maybe(anyText),
          excerpt: maybe(anyText),
          status: fc.constantFrom('LISTED', 'UNLISTED'),
          publish_at: maybe(time),
          published_at: maybe(time),
          created_at: time,
          updated_at: time,
          version: fc.integer({ min: 1 }),
        }),
        async (given) => {
          const path = { author_workspaces: [], author_users: [], open: true };
          const row = await kept<ResourceRow & { json: string }>('resources', resourceColumns, {
            ...{ ...given, ...path, type: 'status' },
          });
          expect(row.json).toBe(JSON.stringify(toResource(row)));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is what JavaScript writes of a workspace', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          id: fc.uuid(),
          name: anyText,
          description: maybe(anyText),
          kind: fc.constantFrom('artist', 'label', 'other'),
          owner_type: fc.constantFrom('user', 'organization'),
          owner_id: anyText,
          avatar_url: maybe(fc.webUrl()),
          banner_url: maybe(fc.webUrl()),
          theme_config: maybe(fc.record({ primaryColor: anyText })),
          visibility: fc.constantFrom('public', 'private'),
          created_at: time,
          updated_at: time,
          version: fc.integer({ min: 1 }),
        }),
        async (given) => {
          const row = await kept<WorkspaceRow & { json: string }>('workspaces', workspaceColumns, {
            ...{ ...given, slug: 'a-name', name_key: 'a name' },
          });
          expect(JSON.parse(row.json)).toEqual(toWorkspace(row));
        },
      ),
      { numRuns: 150 },
    );
  });
});
