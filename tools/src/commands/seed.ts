import { parseArgs } from 'node:util';
import { addressOf } from '../doctor/gateway.js';
import { readSettings, type Settings } from '../launch/settings.js';
import { pacedFetch } from '../seed/api/paced-fetch.js';
import { seed } from '../seed/seed.js';
import { summaryOf } from '../seed/summary.js';
import { sizes, worldOf, type SizeName } from '../seed/world/world.js';
import { administratorOf } from './administrator.js';
import { UsageError, type Command } from './command.js';
import { findInstallation } from './installation.js';

/** Requests a second: below the rate of a key as it is when nobody sets it. */
const pace = 80;

const isSize = (word: string): word is SizeName => Object.hasOwn(sizes, word);

/** Invented people and labels do not belong where real ones are. */
function refuseProduction({ env, workosApiKey }: Settings): void {
  const reason =
    env['NODE_ENV'] === 'production'
      ? 'NODE_ENV is production'
      : workosApiKey === undefined
        ? undefined
        : 'a real WorkOS is set, where people and organizations would be made';
  if (reason !== undefined)
    throw new Error(`this looks like production (${reason}); --production seeds it nevertheless`);
}

function databasesOf() {
  const { databaseUrl } = findInstallation();
  const [content, authz] = [databaseUrl('content'), databaseUrl('authz')];
  if (content === undefined || authz === undefined) {
    throw new Error(
      'medium and large worlds are written into the databases of content and authz: set their addresses',
    );
  }
  return { content, authz };
}

async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      size: { type: 'string', default: 'small' },
      seed: { type: 'string', default: '1' },
      production: { type: 'boolean', default: false },
    },
    strict: true,
  });
  const { size } = values;
  const number = Number(values.seed);
  if (!isSize(size)) throw new UsageError(`--size is one of ${Object.keys(sizes).join(', ')}`);
  if (!/^\d{1,6}$/.test(values.seed)) throw new UsageError('--seed is a whole number of at most six digits');
  const settings = readSettings(process.env);
  if (!values.production) refuseProduction(settings);
  const administrator = administratorOf(settings, { fetch: pacedFetch(pace), timeoutMs: 20_000 });
  const databases = size === 'small' ? undefined : databasesOf();
  const world = worldOf(size, number);
  const note = (line: string): void => console.log(`  ${line}`);
  const seeded = await seed({ administrator, databases, note }, world);
  console.log(`\n${summaryOf(addressOf(settings), world, seeded)}`);
  return 0;
}

export const seedCommand: Command = {
  name: 'seed',
  summary: 'fills a running installation with a world of labels, artists and their music',
  help: `Usage: erato seed [--size small|medium|large] [--seed <number>] [--production]

Fills the installation that runs with labels, people, artists, albums and songs, posts, links,
permissions and roles, and tells what to look at and how to sign in.

  small    120 resources through the API, as their people would publish them
  medium   10,000 resources: people, labels and permissions through the API, the rest with COPY
  large    1,000,000 resources, in the same way; it takes some minutes

The same number gives the same world, and COPY gives it the same ids. A second run adds what
is missing, so an interrupted one can be repeated. Where NODE_ENV is production or a real
WorkOS is set, it does nothing without --production.`,
  run,
};
