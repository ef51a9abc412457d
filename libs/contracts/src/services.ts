/**
 * The services, and whose events each consumes. From this table and from the `callers` of each call come the permissions of
 * every service's NATS user, so a call or a subscription that no contract names is refused by the bus itself.
 */
export const services = {
  gateway: { consumes: [] },
  identity: { consumes: ['authz', 'content'] },
  authz: { consumes: ['identity', 'content'] },
  content: { consumes: ['authz', 'identity'] },
} as const satisfies Record<string, { consumes: readonly string[] }>;

/** The name of a service: its folder, its queue group, its NATS user and the first word of its subjects. */
export type ServiceName = keyof typeof services;

/** Who can make a call: a service, or the operator with the erato command, whose bus user may everything. */
export type CallMaker = ServiceName | 'operator';
