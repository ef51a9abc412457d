import { expect, it } from '@jest/globals';
import { dataSource, migrate } from '@erato/platform/database/data-source';
import { openLog } from '@erato/platform/service/log';
import { startInfra } from '@erato/testing/infra';
import { contentService } from '../src/service.js';

it('the migrations go up, down to nothing, and up again', async () => {
  const infra = await startInfra();
  const url = await infra.database('content');
  const source = dataSource(url, 2, contentService.database, openLog('content', 'fatal'));
  await source.initialize();
  const tables = async (): Promise<string[]> => {
    const rows: { name: string }[] = await source.query(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  };
  await migrate(source);
  const all = await tables();
  expect(all).toEqual(expect.arrayContaining(['album_songs', 'resource_revisions', 'songs']));
  // A row of each type, so that going down is tried where something stands.
  await source.query(`
    INSERT INTO resources (id, short_id, owner_type, owner_id, type, status, author_workspaces, author_users, open, created_at,
      updated_at)
    SELECT gen_random_uuid(), type, 'user', 'u', type, 'LISTED', '{}', '{u}', true, now(), now()
    FROM unnest(ARRAY['post', 'status', 'song', 'album', 'artwork', 'press-release']) type`);
  for (let left = source.migrations.length; left > 0; left--) {
    await source.undoLastMigration({ transaction: 'each' });
  }
  expect(await tables()).toEqual(['migrations']);
  await migrate(source);
  expect(await tables()).toEqual(all);
  await source.destroy();
  await infra.close();
}, 60_000);
