import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { commonEnvironment } from '../launch/environment.js';
import { databaseServices } from '../launch/secrets.js';
import type { Command } from './command.js';
import { findInstallation, type Installation } from './installation.js';

/** A service brings its own migrations, so its own program runs them. */
async function migrateService(service: string, { settings, databaseUrl }: Installation): Promise<void> {
  const url = databaseUrl(service);
  if (url === undefined) throw new Error(`there is no database for ${service}`);
  const script = fileURLToPath(new URL(`../../../services/${service}/dist/main.js`, import.meta.url));
  const child = spawn(process.execPath, [script, 'migrate'], {
    env: { ...commonEnvironment(settings.env), DATABASE_URL: url },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the migrations of ${service} failed; what it said stands above`);
  console.log(`migrated: ${service}`);
}

export const migrateCommand: Command = {
  name: 'migrate',
  summary: "brings the services' databases to the newest migration",
  help: `Usage: erato migrate [service …]

Runs the migrations of every service, or of those named, under a lock: several at once wait
for each other. Services also do this at their start; a deployment runs it once before.`,
  async run(args) {
    const { positionals } = parseArgs({ args, options: {}, allowPositionals: true, strict: true });
    const unknown = positionals.filter((name) => !databaseServices.includes(name));
    if (unknown.length > 0) {
      throw new Error(
        `${unknown.join(', ')}: no such service with a database (${databaseServices.join(', ')})`,
      );
    }
    const installation = findInstallation();
    for (const service of positionals.length > 0 ? positionals : databaseServices) {
      await migrateService(service, installation);
    }
    return 0;
  },
};
