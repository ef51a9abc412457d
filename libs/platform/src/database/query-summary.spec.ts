import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { querySummary } from './query-summary.js';

describe('the summary of a statement', () => {
  it.each([
    ['BEGIN', 'BEGIN', 'BEGIN'],
    ['SELECT 1', 'SELECT', 'SELECT'],
    ['SELECT id FROM resources r WHERE r.id = ANY ($1::uuid[])', 'SELECT resources', 'SELECT'],
    ['SELECT id FROM workspaces WHERE id = $1 FOR NO KEY UPDATE', 'SELECT workspaces', 'SELECT'],
    [
      'SELECT "r"."id" FROM "public"."resources" "r" LEFT JOIN "links" "l" ON true',
      'SELECT public.resources links',
      'SELECT',
    ],
    [
      'INSERT INTO outbox (id, subject) SELECT * FROM unnest($1::uuid[], $2::text[])',
      'INSERT outbox',
      'INSERT',
    ],
    [
      'INSERT INTO path_changes (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET after_id = NULL',
      'INSERT path_changes',
      'INSERT',
    ],
    [
      'UPDATE resources r SET shown = f.shown FROM flags f WHERE f.id = r.id',
      'UPDATE resources flags',
      'UPDATE',
    ],
    ['DELETE FROM access_rows r USING unnest($1::text[]) AS o (type)', 'DELETE access_rows', 'DELETE'],
    [
      `WITH locked AS (SELECT id FROM workspaces FOR SHARE), made (id) AS (
        INSERT INTO resources (id) SELECT $1 FROM locked)
      INSERT INTO resource_authors (id) SELECT id FROM made JOIN locked ON true`,
      'SELECT workspaces INSERT resources INSERT resource_authors',
      undefined,
    ],
    ['SELECT EXISTS (SELECT FROM links WHERE a IS DISTINCT FROM b)', 'SELECT links', 'SELECT'],
    ['SELECT extract(epoch FROM p.expires_at) FROM permissions p', 'SELECT permissions', 'SELECT'],
    [`SELECT 'x FROM secrets' -- UPDATE nothing\n FROM words`, 'SELECT words', 'SELECT'],
  ])('%s', (text, summary, operation) => {
    expect(querySummary(text)).toMatchObject({ summary, operation });
  });

  it('holds no literal, and is never longer than may be', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9 "(]{1,40}$/), fc.nat(60), (literal, times) => {
        const { summary } = querySummary(
          `SELECT '${literal}' FROM resources ${`JOIN a_table_of_some_name${literal.length} ON true `.repeat(times)}`,
        );
        expect(summary).toMatch(/^SELECT resources( a_table_of_some_name\d+)?$/);
      }),
    );
    const many = Array.from({ length: 60 }, (_, at) => `JOIN table_${at} ON true`).join(' ');
    expect(querySummary(`SELECT 1 FROM one ${many}`).summary.length).toBeLessThanOrEqual(255);
  });
});
