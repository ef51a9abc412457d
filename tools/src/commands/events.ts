import { parseArgs } from 'node:util';
import { services } from '@erato/contracts/services';
import { deadLetters, drop, replay, type DeadLetter } from '../nats/dead-letters.js';
import { table, UsageError, type Command } from './command.js';
import { findInstallation, onBus } from './installation.js';

const options = {
  all: { type: 'boolean' },
  service: { type: 'string' },
  json: { type: 'boolean' },
} as const;

interface Choice {
  readonly all: boolean;
  readonly numbers: readonly number[];
}

function choose(letters: readonly DeadLetter[], { all, numbers }: Choice): DeadLetter[] {
  if (all) return [...letters];
  const missing = numbers.filter((number) => !letters.some(({ seq }) => seq === number));
  if (missing.length > 0) throw new Error(`there is no dead letter ${missing.join(', ')}`);
  return letters.filter(({ seq }) => numbers.includes(seq));
}

function show(letters: readonly DeadLetter[], asJson: boolean): void {
  if (asJson) {
    for (const letter of letters) console.log(JSON.stringify(letter));
    return;
  }
  if (letters.length === 0) console.log('no dead letters');
  else {
    const rows = letters.map(({ seq, time, consumer, subject, error, tries, id }) => [
      String(seq),
      time,
      consumer,
      subject,
      `${error} (${tries} tries)`,
      id,
    ]);
    console.log(table(['number', 'given up', 'consumer', 'subject', 'error', 'event'], rows));
  }
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true });
  const [group, verb, ...rest] = positionals;
  if (group !== 'dead' || verb === undefined || !['list', 'replay', 'drop'].includes(verb)) {
    throw new UsageError('events knows: dead list, dead replay, dead drop');
  }
  const { service, all = false, json = false } = values;
  if (service !== undefined && !(service in services)) throw new UsageError(`there is no service ${service}`);
  const numbers = rest.map(Number);
  if (numbers.some((number) => !Number.isSafeInteger(number)))
    throw new UsageError('dead letters are named by their numbers');
  if (verb !== 'list' && all === numbers.length > 0) throw new UsageError(`${verb} takes numbers, or --all`);

  return onBus(findInstallation(), async (connection) => {
    const letters = await deadLetters(connection, service);
    if (verb === 'list') {
      show(letters, json);
      return 0;
    }
    const chosen = choose(letters, { all, numbers });
    for (const letter of chosen) {
      await (verb === 'replay' ? replay : drop)(connection, letter);
      console.log(
        `${verb === 'replay' ? 'replayed' : 'dropped'} ${letter.seq} ${letter.subject} ${letter.id}`,
      );
    }
    return 0;
  });
}

export const eventsCommand: Command = {
  name: 'events',
  summary: 'lists, replays and drops events that a consumer gave up on',
  help: `Usage: erato events dead list [--service <name>] [--json]
       erato events dead replay <number …> | --all [--service <name>]
       erato events dead drop <number …> | --all [--service <name>]

An event that a consumer could not apply in all its tries is kept in the stream DEAD with
the reason. replay publishes it again where it had been; its id stays, so those that have
applied it pass over it (they remember ids for 32 days: replay within that time). drop
forgets it for good. --json prints one object a line, with the body of the event.`,
  run,
};
