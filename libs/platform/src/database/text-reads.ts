import type { Duplex } from 'node:stream';
import { context, type Context, type Span } from '@opentelemetry/api';
import type { Client, Connection, Pool, Submittable } from 'pg';
import { endFailed } from '../telemetry/asking.js';
import { isTracing } from '../telemetry/tracing.js';
import type { TextRow } from './row-text.js';
import type { Statement } from './statement.js';
import { beginStatement, endStatement } from './traced-client.js';

/** A value of a parameter: its text, or the texts of a list's items. */
export type TextValue = string | number | boolean | null | readonly string[];

/** How many statements share a connection at most: the first of them waits for the last. */
const most = 8;
/** What takes longer, in milliseconds, has a statement in it for which no other should wait. */
const patience = 50;
/** For how long one that was slow by itself goes alone, in milliseconds: what it costs depends on its values. */
const penance = 10_000;

/** A statement that somebody waits for. */
interface Asked {
  readonly statement: Statement;
  readonly values: readonly (string | null)[];
  /** Where traces are sent, those in which it is asked. */
  readonly within: Context | null;
  readonly resolve: (rows: readonly TextRow[]) => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * Reads whose rows are the texts that Postgres writes, for what is passed on more than it is looked at. Those of one turn go out a
 * few to a connection, as one message: to wake a process of Postgres, and to be woken by it, costs more than a read by primary key
 * or of a page from an index. Each is a statement of its own, with its own snapshot; one that fails fails alone.
 */
export class TextReads {
  #waiting: Asked[] = [];
  /**
   * What goes alone, and until when at least. One that was in a slow batch is suspected (0) until it is quick by itself. There are
   * as many as the code has texts.
   */
  readonly #slow = new Map<Statement, number>();

  constructor(private readonly pool: Pick<Pool, 'connect'>) {}

  /** All rows of a statement. Throws what pg does. */
  rows(statement: Statement, values: readonly TextValue[]): Promise<readonly TextRow[]> {
    return new Promise((resolve, reject) => {
      const within = isTracing() ? context.active() : null;
      const asked = { statement, values: values.map(asText), within, resolve, reject };
      if (this.#waiting.push(asked) === 1) process.nextTick(() => this.#flush());
    });
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const together: Asked[] = [];
    for (const asked of waiting) {
      if (this.#slow.has(asked.statement)) this.#send([asked]);
      else together.push(asked);
    }
    const size = Math.ceil(together.length / Math.ceil(together.length / most));
    for (let at = 0; at < together.length; at += size) this.#send(together.slice(at, at + size));
  }

  #send(asked: readonly Asked[]): void {
    this.pool.connect((error, client, release) => {
      if (!client) {
        for (const { reject } of asked) reject(error);
        return;
      }
      // A connection that breaks tells the batch as well.
      const unheard = (): void => undefined;
      client.on('error', unheard);
      const began = performance.now();
      let isOver = false;
      const ended = (cause: Error | undefined, left: readonly Asked[]): void => {
        if (isOver) return;
        isOver = true;
        release(cause);
        client.removeListener('error', unheard);
        this.#learn(asked, performance.now() - began);
        for (const each of left) this.#send([each]);
      };
      try {
        client.query(new TextBatch(asked, client, ended));
      } catch (cause) {
        for (const { reject } of asked) reject(cause);
        ended(new Error('a batch could not be sent', { cause }), []);
      }
    });
  }

  #learn(asked: readonly Asked[], took: number): void {
    const now = Date.now();
    const [alone] = asked.length === 1 ? asked : [];
    if (took > patience) {
      for (const { statement } of asked) {
        if (alone) this.#slow.set(statement, now + penance);
        else if (!this.#slow.has(statement)) this.#slow.set(statement, 0);
      }
    } else if (alone && (this.#slow.get(alone.statement) ?? now) < now) {
      this.#slow.delete(alone.statement);
    }
  }
}

/** What of pg's connection a batch uses that is its own (pg, lib/query.js); the types of pg leave most of it out. */
interface Wire {
  readonly stream: Duplex;
  /** By name the text of what the server has prepared on this connection. */
  readonly parsedStatements: Partial<Record<string, string>>;
  parse(statement: Statement): void;
  bind(parameters: { statement: string; values: readonly (string | null)[] }): void;
  execute(portal: object): void;
  sync(): void;
}

/**
 * Statements that share a connection and its way there and back. pg would ask before each of them which columns there are, which the
 * reader knows, and make an object of each row. After the first error Postgres skips the rest, and what it has prepared is not known:
 * then the connection is given up, and what is left asked again.
 */
class TextBatch implements Submittable {
  #at = 0;
  #rows: TextRow[] = [];
  readonly #spans: readonly (Span | null)[] | null;

  constructor(
    private readonly asked: readonly Asked[],
    client: Client,
    private readonly ended: (cause: Error | undefined, left: readonly Asked[]) => void,
  ) {
    this.#spans = isTracing()
      ? asked.map(({ statement, within }) =>
          context.with(within ?? context.active(), () => beginStatement(client, statement.text)),
        )
      : null;
  }

  submit(connection: Connection): void {
    const wire = connection as unknown as Wire;
    wire.stream.cork();
    try {
      for (const { statement, values } of this.asked) {
        const { name, text } = statement;
        if (wire.parsedStatements[name] === undefined) {
          wire.parse(statement);
          wire.parsedStatements[name] = text;
        }
        wire.bind({ statement: name, values });
        wire.execute({});
      }
      wire.sync();
      wire.stream.uncork();
    } catch (cause) {
      // Half a message is none.
      wire.stream.destroy();
      throw cause;
    }
  }

  handleDataRow({ fields }: { fields: TextRow }): void {
    this.#rows.push(fields);
  }

  handleCommandComplete(): void {
    endStatement(this.#spans?.[this.#at]);
    this.asked[this.#at++]?.resolve(this.#rows);
    this.#rows = [];
  }

  handleError(error: Error): void {
    const left = this.asked.slice(this.#at + 1);
    endStatement(this.#spans?.[this.#at], error);
    for (const span of this.#spans?.slice(this.#at + 1) ?? []) if (span) endFailed(span, 'skipped');
    this.asked[this.#at]?.reject(error);
    this.ended(error, left);
  }

  handleReadyForQuery(): void {
    this.ended(undefined, []);
  }
}

function asText(value: TextValue): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'object') return `{${value.map(quoted).join(',')}}`;
  return String(value);
}

/** An item of a list, as Postgres reads it (manual, Array Input and Output Syntax). */
const quoted = (item: string): string =>
  special.test(item) ? `"${item.replaceAll(/[\\"]/g, '\\$&')}"` : `"${item}"`;
const special = /[\\"]/;
