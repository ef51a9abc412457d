import type { Fault, Faults } from './faults.js';
import type { WebhookCounts, WebhookFault, Webhooks } from './webhooks.js';

/** A request that came in; without its query, headers and body, which may hold secrets. */
export interface LoggedRequest {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** What was answered; null while it is running or when nothing was. */
  readonly status: number | null;
}

/** Which requests are meant; the path is a plain prefix. */
export interface RequestFilter {
  readonly method?: string | undefined;
  readonly path?: string | undefined;
}

/** What a test may do to the stand-in; `/_control/…` offers the same over HTTP. */
export interface Control {
  /** Puts a fault in force and answers its id. */
  fail(fault: Fault): string;
  faults(): { id: string; fault: Fault }[];
  /** Takes one fault back, or all. */
  clear(id?: string): void;
  /** The newest 10,000 requests that came in, oldest first. */
  requests(filter?: RequestFilter): LoggedRequest[];
  /** How many of these match. */
  count(filter?: RequestFilter): number;
  forgetRequests(): void;
  /** Spoils webhooks; throws when no webhook is configured. */
  spoilWebhooks(fault: WebhookFault): void;
  /** Ends the spoiling; what was held back goes out. */
  clearWebhooks(): Promise<void>;
  webhooks(): WebhookCounts;
}

const KEPT = 10_000;

/** The requests that came in. */
export class RequestLog {
  private entries: { at: string; method: string; path: string; status: number | null }[] = [];

  /** Notes a request; the function that comes back notes its answer. */
  add(method: string, path: string): (status: number) => void {
    const entry: (typeof this.entries)[number] = { at: new Date().toISOString(), method, path, status: null };
    this.entries.push(entry);
    if (this.entries.length > KEPT) this.entries.shift();
    return (status) => {
      entry.status = status;
    };
  }

  list({ method, path = '' }: RequestFilter = {}): LoggedRequest[] {
    return this.entries
      .filter((entry) => (method === undefined || entry.method === method) && entry.path.startsWith(path))
      .map((entry) => ({ ...entry }));
  }

  forget(): void {
    this.entries = [];
  }
}

export function controlOf(faults: Faults, log: RequestLog, webhooks: Webhooks | undefined): Control {
  return {
    fail: (fault) => faults.add(fault),
    faults: () => faults.list(),
    clear: (id) => faults.clear(id),
    requests: (filter) => log.list(filter),
    count: (filter) => log.list(filter).length,
    forgetRequests: () => log.forget(),
    spoilWebhooks: (fault) => {
      if (webhooks === undefined) throw new Error('no webhook is configured');
      webhooks.spoil(fault);
    },
    clearWebhooks: async () => webhooks?.clear(),
    webhooks: () => webhooks?.counts() ?? { delivered: 0, failed: 0, dropped: 0, pending: 0 },
  };
}
