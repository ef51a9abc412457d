import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { connect as openSocket } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CallTable } from '@erato/contracts/kit/call';
import { lastLines, writePrivate } from '../launch/files.js';
import { Part } from '../launch/part.js';
import { natsConfig } from './config.js';

export interface NatsServerOptions {
  /** The nats-server to run. */
  readonly binary: string;
  /** Where its configuration and JetStream's files lie. */
  readonly folder: string;
  readonly logFile: string;
  readonly port: number;
  /** The password of each user of `natsUsers()`. */
  readonly passwords: Readonly<Record<string, string>>;
  /** Calls beside those of the contracts, which only tests have. */
  readonly calls?: readonly CallTable[];
  readonly runFolder?: string;
}

/** On few processors the server's threads wake each other to find nothing to do, in place of the services. */
const threads = String(Math.max(1, Math.floor(availableParallelism() / 4)));

/** Whether a NATS server greets on this port. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = openSocket({ port, host: '127.0.0.1' });
    const answer = (yes: boolean): void => {
      socket.destroy();
      resolve(yes);
    };
    socket.setTimeout(1_000, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
    socket.once('data', (data) => answer(data.toString().startsWith('INFO ')));
  });
}

function reason(logFile: string): string {
  const telling = lastLines(logFile, 20).filter(
    (line) => line.includes('[FTL]') || line.includes('[ERR]') || line.includes('nats-server:'),
  );
  const said = telling.slice(-2).map((line) => line.replace(/^\[\d+\] \S+ \S+ /, ''));
  return said.length > 0 ? `${said.join(' ')} (log: ${logFile})` : `see ${logFile}`;
}

/**
 * A NATS server of our own on 127.0.0.1 with JetStream on disk and a user for each service. Its passwords stand in a
 * configuration file that only its owner reads, never in the command line. It has a process group of its own, so that
 * Ctrl-C in the terminal does not end it before the services.
 */
export function natsPart(options: NatsServerOptions): Part {
  const configFile = join(options.folder, 'nats.conf');
  const start = (): Promise<ChildProcess> => {
    mkdirSync(join(options.logFile, '..'), { recursive: true });
    writePrivate(
      configFile,
      natsConfig({
        host: '127.0.0.1',
        port: options.port,
        storeFolder: join(options.folder, 'jetstream'),
        passwords: options.passwords,
        maxFileBytes: '10GB',
        calls: options.calls ?? [],
      }),
    );
    const log = openSync(options.logFile, 'a', 0o600);
    try {
      const child = spawn(options.binary, ['--config', configFile], {
        detached: true,
        stdio: ['ignore', log, log],
        env: { GOMAXPROCS: threads, ...process.env },
      });
      return Promise.resolve(child);
    } finally {
      closeSync(log);
    }
  };
  return new Part({
    name: 'nats',
    spawn: start,
    ready: () => greets(options.port),
    stopSignal: 'SIGTERM',
    stopWithinMs: 5_000,
    reason: () => reason(options.logFile),
    ...(options.runFolder === undefined ? {} : { runFolder: options.runFolder }),
  });
}
