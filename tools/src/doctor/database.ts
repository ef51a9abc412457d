import type { Client } from 'pg';
import { backlogOf } from '@erato/platform/events/backlog';
import { messageOf } from '../launch/error.js';
import { withClient } from '../postgres/connect.js';
import { fail, ok, warn, type Finding } from './finding.js';

/** How far the clocks of the database and of this machine may be apart, in milliseconds. */
const clockMs = 2_000;
/** An event that waits longer than this in the outbox is told, in seconds. */
const oldSeconds = 60;

async function backlog(service: string, client: Client): Promise<Finding> {
  const there = await client.query<{ found: string | null }>("select to_regclass('outbox')::text as found");
  if (!there.rows[0]?.found) return fail(`${service}: no tables yet; "erato migrate", or start the service`);
  const { events, oldestSeconds } = await backlogOf(client);
  const said = `${service}: ${events} events wait in the outbox`;
  if (oldestSeconds > oldSeconds)
    return warn(`${said}, the oldest for ${Math.round(oldestSeconds)} s: is NATS there?`);
  return ok(said);
}

async function clock(service: string, client: Client): Promise<Finding[]> {
  const before = Date.now();
  const { rows } = await client.query<{ now: string }>(
    'select extract(epoch from clock_timestamp()) * 1000 as now',
  );
  const here = (before + Date.now()) / 2;
  const apart = Math.abs(Number(rows[0]?.now) - here);
  return apart > clockMs
    ? [
        fail(
          `${service}: the clock of its Postgres and of this machine are ${(apart / 1000).toFixed(1)} s apart: deadlines and expiries will be wrong`,
        ),
      ]
    : [];
}

/** A service's database: reachable with the service's own password, migrated, its outbox empty, its clock right. */
export async function database(service: string, url: string | undefined): Promise<Finding[]> {
  if (url === undefined) return [fail(`${service}: no database is named`)];
  try {
    return await withClient(url, async (client) => [
      await backlog(service, client),
      ...(await clock(service, client)),
    ]);
  } catch (error) {
    return [fail(`${service}: Postgres at ${new URL(url).host}: ${messageOf(error)}`)];
  }
}
