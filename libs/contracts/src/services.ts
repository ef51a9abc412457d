/**
 * The services, whom each may call and whose events each consumes. From this table come the permissions of
 * every service's NATS user and the receivers for which the gateway signs a caller, so a call or a
 * subscription that is not listed here is refused by the bus itself.
 */
export const services = {
  gateway: { calls: ['identity', 'authz', 'content'], consumes: [] },
  identity: { calls: ['authz', 'content'], consumes: [] },
  authz: { calls: ['identity', 'content'], consumes: ['identity', 'content'] },
  content: { calls: ['authz', 'identity'], consumes: ['authz', 'identity'] },
} as const satisfies Record<string, { calls: readonly string[]; consumes: readonly string[] }>;

/** The name of a service: its folder, its queue group, its NATS user and the first word of its subjects. */
export type ServiceName = keyof typeof services;
