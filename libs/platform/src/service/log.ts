import type { LoggerService } from '@nestjs/common';
import { destination, pino, type Logger } from 'pino';
import { activeTrace } from '../telemetry/tracing.js';
import { sourceStack } from './source-stack.js';

/** Structured lines on standard output: JSON, one a line, written in batches so that no request waits for them. */
export type Log = Logger;

/** Under this name the process's logger is injected. */
export const LOG = Symbol('log');

/** Names under which secrets could reach a line; whatever stands there is struck out (security.md, Secrets). */
const secretNames = [
  'authorization',
  'password',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'apiKey',
  'key',
];

/** What is told of an error besides its text: never the values of a statement, which drivers hang on their errors. */
const told = ['code', 'constraint', 'table', 'routine', 'status'] as const;

/** An error as a line shows it, with its causes; a cause more than five deep is left out. */
export function errorFacts(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const facts: Record<string, unknown> = {
    type: error.name,
    message: error.message,
    stack: error.stack && sourceStack(error.stack),
  };
  for (const name of told) {
    const value: unknown = Reflect.get(error, name);
    if (typeof value === 'string' || typeof value === 'number') facts[name] = value;
  }
  if (error.cause !== undefined && depth < 5) facts['cause'] = errorFacts(error.cause, depth + 1);
  return facts;
}

export function openLog(service: string, level: string): Log {
  return pino(
    {
      level,
      base: { service },
      mixin: activeTrace,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorFacts },
      redact: { paths: [...secretNames, ...secretNames.map((name) => `*.${name}`)], censor: '[secret]' },
    },
    destination({ dest: 1, sync: false, minLength: 0 }),
  );
}

/** Gives Nest's own lines the same shape; its routine start-up lines are debug here. */
export class NestLog implements LoggerService {
  constructor(private readonly to: Log) {}
  log(message: unknown): void {
    this.to.debug({ nest: message });
  }
  debug(message: unknown): void {
    this.to.debug({ nest: message });
  }
  verbose(message: unknown): void {
    this.to.trace({ nest: message });
  }
  warn(message: unknown): void {
    this.to.warn({ nest: message });
  }
  error(message: unknown): void {
    this.to.error({ err: message });
  }
  fatal(message: unknown): void {
    this.to.fatal({ err: message });
  }
}
