import { escapeIdentifier, escapeLiteral } from 'pg';
import { withClient } from './connect.js';

/** One service's database and the role that owns it and nothing else. */
export interface ServiceDatabase {
  readonly database: string;
  readonly role: string;
  readonly password: string;
}

/** Held while databases are made: two launchers on one server would otherwise both find one missing. */
const provisionLock = 4_027_001;

/** The address of a service's database on the server of `admin`, for the service's own role. */
export function serviceUrl(admin: string, { database, role, password }: ServiceDatabase): string {
  const url = new URL(admin);
  url.username = role;
  url.password = password;
  url.pathname = `/${database}`;
  return url.toString();
}

/**
 * Makes the databases and their roles where they are missing, sets the passwords, and takes from everyone else
 * the right to connect. Safe to run again and at the same time.
 * @param admin address of a role that may create databases and roles
 */
export async function provisionDatabases(admin: string, wanted: readonly ServiceDatabase[]): Promise<void> {
  await withClient(admin, async (client) => {
    await client.query('select pg_advisory_lock($1)', [provisionLock]);
    for (const { database, role, password } of wanted) {
      const known = await client.query('select 1 from pg_roles where rolname = $1', [role]);
      const verb = known.rowCount === 0 ? 'create' : 'alter';
      await client.query(
        `${verb} role ${escapeIdentifier(role)} with login nosuperuser nocreatedb nocreaterole password ${escapeLiteral(password)}`,
      );
      const there = await client.query('select 1 from pg_database where datname = $1', [database]);
      if (there.rowCount === 0) {
        // The creator must be a member of the role that is to own the database; a superuser always is.
        await client.query(`grant ${escapeIdentifier(role)} to current_user`);
        await client.query(
          `create database ${escapeIdentifier(database)} owner ${escapeIdentifier(role)} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`,
        );
      }
      await client.query(`revoke all on database ${escapeIdentifier(database)} from public`);
    }
    // NOTE: still under the lock. Postgres refuses one of two who change the rights on one schema at once.
    for (const { database } of wanted) {
      const url = new URL(admin);
      url.pathname = `/${database}`;
      await withClient(url.toString(), (inside) => inside.query('revoke all on schema public from public'));
    }
  });
}
