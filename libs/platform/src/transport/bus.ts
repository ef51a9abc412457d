import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';

/** How a process reaches the bus; every service has a NATS user of its own. */
export interface BusOptions {
  url: string;
  user: string;
  password: string;
  /** Shown in the server's list of connections. */
  name: string;
}

const inboxPrefixOf = ({ user }: BusOptions): string => `_INBOX_${user}`;

/** Of an inbox the part where one service answers, which no other may. */
export const answerInbox = (prefix: string, service: string): string => `${prefix}.${service}`;

const settingsOf = (options: BusOptions): ConnectionOptions => ({
  servers: options.url.split(','),
  user: options.user,
  pass: options.password,
  name: options.name,
  inboxPrefix: inboxPrefixOf(options),
  pingInterval: 10_000,
  maxPingOut: 2,
  noAsyncTraces: true,
});

/**
 * One connection to NATS. It reconnects for ever, but nothing waits for it: while the bus is away, calls fail at
 * once with `unavailable` (ARCHITECTURE.md, Transport: no buffering of requests while disconnected).
 */
export class Bus {
  #connected = true;
  readonly #onReconnect: (() => void)[] = [];
  #soon: { publish: () => void; failed: (cause: unknown) => void }[] = [];

  private constructor(
    readonly connection: NatsConnection,
    /** The prefix of this user's inboxes; no other user may listen there. */
    readonly inboxPrefix: string,
  ) {
    void this.#watch();
  }

  static async open(options: BusOptions): Promise<Bus> {
    const connection = await connect({
      ...settingsOf(options),
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
      reconnectTimeWait: 100,
      reconnectJitter: 100,
    });
    return new Bus(connection, inboxPrefixOf(options));
  }

  /** A connection that ends where it breaks: what was sent over it arrived from the first on, up to some place. */
  static alone(options: BusOptions): Promise<NatsConnection> {
    return connect({ ...settingsOf(options), reconnect: false });
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** Runs after each reconnection: what was heard before may have gaps. */
  onReconnect(listener: () => void): void {
    this.#onReconnect.push(listener);
  }

  /**
   * Publishes at the end of this turn of the event loop, together with all else of the turn: one write to the socket
   * instead of one a message, so that whoever reads gets them together as well. `failed` is told where it cannot.
   */
  soon(publish: () => void, failed: (cause: unknown) => void): void {
    if (this.#soon.push({ publish, failed }) === 1) setImmediate(() => this.#publishAll());
  }

  #publishAll(): void {
    const due = this.#soon;
    this.#soon = [];
    for (const { publish, failed } of due) {
      try {
        publish();
      } catch (cause) {
        failed(cause);
      }
    }
  }

  async #watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.#connected = false;
      if (status.type === 'reconnect') {
        this.#connected = true;
        for (const listener of this.#onReconnect) listener();
      }
    }
    this.#connected = false;
  }

  /** Lets what is under way finish, then closes. */
  async close(): Promise<void> {
    this.#publishAll();
    if (!this.connection.isClosed()) await this.connection.drain().catch(() => this.connection.close());
  }
}
