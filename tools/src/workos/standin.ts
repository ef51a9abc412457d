import type { EventLog } from './event-log.js';
import type { Store } from './store.js';
import type { SigningKey } from './token.js';

/** What every part of the stand-in works with. */
export interface Standin {
  readonly store: Store;
  readonly events: EventLog;
  readonly key: SigningKey;
  readonly apiKey: string;
  readonly clientId: string;
  readonly accessTokenSeconds: number;
  /** Addresses beside loopback ones that a code may be sent to. */
  readonly redirectUris: readonly string[];
  /** Without a slash at the end. */
  readonly url: string;
  /** The `iss` of access tokens. */
  readonly issuer: string;
}
