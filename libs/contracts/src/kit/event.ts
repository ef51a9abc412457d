import type { MessageClass } from './call.js';

/**
 * A fact that a service states after it happened. Its body carries ids and facts, not entities, and follows
 * CloudEvents 1.0 on the wire.
 */
export interface EventType<T> {
  /** `<service>.<noun>.<verb in the past>`, the CloudEvents `type`. */
  readonly name: string;
  /** `event.<name>` */
  readonly subject: string;
  /** Counts up when the meaning of the body changes; consumers must read the ones before. */
  readonly version: number;
  readonly body: MessageClass<T>;
  readonly summary: string;
}

export function event<T>(name: string, body: MessageClass<T>, summary: string, version = 1): EventType<T> {
  return { name, subject: `event.${name}`, version, body, summary };
}

/** The body on the bus. */
export interface CloudEvent<T> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly eventversion: number;
  /** Who caused it: `user:user_…`, `key:…`, `service:content`; never a name or an address. */
  readonly actor: string;
  readonly requestid: string;
  readonly traceparent?: string;
  readonly data: T;
}
