import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Themes have a closed form now (identity.md, `theme_config`): what does not stand in it was never shown by anyone. */
export class ClosedThemes1763730000001 implements MigrationInterface {
  name = 'ClosedThemes1763730000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE workspaces SET theme_config = (SELECT jsonb_object_agg(key, value) FROM jsonb_each(theme_config)
        WHERE key IN ('colors', 'fonts', 'layout') AND jsonb_typeof(value) = 'object')
      WHERE theme_config IS NOT NULL
    `);
  }

  /** What was left out is not known any more; the column is as it was. */
  down(): Promise<void> {
    return Promise.resolve();
  }
}
