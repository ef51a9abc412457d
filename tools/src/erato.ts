#!/usr/bin/env node
import { UsageError, table, type Command } from './commands/command.js';
import { doctorCommand } from './commands/doctor.js';
import { eventsCommand } from './commands/events.js';
import { keysCommand } from './commands/keys.js';
import { migrateCommand } from './commands/migrate.js';
import { natsConfigCommand } from './commands/nats-config.js';
import { provisionCommand } from './commands/provision.js';
import { secretsCommand } from './commands/secrets.js';
import { seedCommand } from './commands/seed.js';
import { syncCommand } from './commands/sync.js';
import { loadDotEnv } from './launch/dot-env.js';
import { codeOf, messageOf } from './launch/error.js';

const upCommand: Command = {
  name: 'up',
  summary: 'starts the whole system on this machine (npm start)',
  help: `Usage: erato up

Starts Postgres, NATS and the WorkOS stand-in, each unless the environment names a real
one, then every service, and keeps them running until Ctrl-C. Data lies in ERATO_DATA_DIR
(.erato). .env.example names every variable.`,
  async run() {
    await import('./up.js');
    // It ends the process itself, at a signal.
    return new Promise<number>(() => undefined);
  },
};

const commands = [
  upCommand,
  doctorCommand,
  seedCommand,
  eventsCommand,
  syncCommand,
  keysCommand,
  provisionCommand,
  migrateCommand,
  natsConfigCommand,
  secretsCommand,
];

function overview(): string {
  const rows = commands.map(({ name, summary }) => [`  ${name}`, summary]);
  return `Usage: erato <command> [--help]\n\n${table(['Commands:', ''], rows)}`;
}

async function main([name, ...args]: string[]): Promise<number> {
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    const asked = name === undefined || name === '--help' || name === 'help';
    console[asked ? 'log' : 'error'](asked ? overview() : `there is no command ${name}\n\n${overview()}`);
    return asked ? 0 : 2;
  }
  if (args.includes('--help')) {
    console.log(`erato ${command.name}: ${command.summary}\n\n${command.help}`);
    return 0;
  }
  try {
    return await command.run(args);
  } catch (error) {
    const misused = error instanceof UsageError || String(codeOf(error)).startsWith('ERR_PARSE_ARGS');
    console.error(`erato ${command.name}: ${messageOf(error)}${misused ? `\n\n${command.help}` : ''}`);
    return misused ? 2 : 1;
  }
}

loadDotEnv();
process.exitCode = await main(process.argv.slice(2));
