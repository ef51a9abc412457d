import { parseArgs } from 'node:util';
import { bus } from '../doctor/bus.js';
import { database } from '../doctor/database.js';
import { fail, type Finding } from '../doctor/finding.js';
import { gateway } from '../doctor/gateway.js';
import { dataFolder, launcher, natsServer, node } from '../doctor/machine.js';
import { messageOf } from '../launch/error.js';
import { databaseServices } from '../launch/secrets.js';
import { readSettings } from '../launch/settings.js';
import type { Command } from './command.js';
import { findInstallation, onBus } from './installation.js';

const marks = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

async function examine(): Promise<Finding[]> {
  const settings = readSettings(process.env);
  const machine = [
    node(),
    ...dataFolder(settings),
    ...(await natsServer(settings)),
    ...(await launcher(settings)),
  ];
  let installation;
  try {
    installation = findInstallation();
  } catch (error) {
    return [...machine, fail(messageOf(error))];
  }
  const { databaseUrl } = installation;
  const [onNats, onDatabases, onApi] = await Promise.all([
    onBus(installation, bus).catch((error: unknown) => [fail(messageOf(error))]),
    Promise.all(databaseServices.map((service) => database(service, databaseUrl(service)))),
    gateway(settings),
  ]);
  return [...machine, ...onNats, ...onDatabases.flat(), ...onApi];
}

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'says what is wrong with an installation',
  help: `Usage: erato doctor

Looks at this machine (Node, data folder, nats-server, port), the bus (streams, consumers
and their lag, dead letters), each service's database (reachable, migrated, outbox, clock)
and the API, and changes nothing. Ends with 1 when something fails.`,
  async run(args) {
    parseArgs({ args, options: {}, strict: true });
    const findings = await examine();
    for (const { level, what } of findings) console.log(`${marks[level]}  ${what}`);
    return findings.some(({ level }) => level === 'fail') ? 1 : 0;
  },
};
