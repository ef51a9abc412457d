/**
 * The limit that Erato is measured against: one Fastify process with `pg` on content's own tables, the token checked in
 * memory, nothing decided, nothing told to anybody.
 */
import { createHash } from 'node:crypto';
import fastify, { type FastifyRequest } from 'fastify';
import { Pool } from 'pg';
import { BareResources } from './resources.js';
import { newResourceSchema, type NewResource } from './shapes.js';

/** What the benchmark gives to the process, in its environment. */
export interface BareSettings {
  readonly databaseUrl: string;
  /** Users by the SHA-256 of their API key in hexadecimal. */
  readonly keys: Readonly<Record<string, string>>;
}

const settings = JSON.parse(process.env['BARE'] ?? '{}') as BareSettings;
const scopes = new Set(['resources:read', 'resources:write']);
const callers = new Map(Object.entries(settings.keys).map(([hash, userId]) => [hash, { userId, scopes }]));
const pool = new Pool({
  connectionString: settings.databaseUrl,
  max: 10,
  idleTimeoutMillis: 0,
  options: '-c plan_cache_mode=force_generic_plan',
  application_name: 'erato-bare',
});
const resources = new BareResources(pool);

function callerOf(request: FastifyRequest, scope: string): string | null {
  const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
  const caller = callers.get(createHash('sha256').update(token).digest('hex'));
  return caller?.scopes.has(scope) === true ? caller.userId : null;
}

const app = fastify();
const json = 'application/json; charset=utf-8';

for (const [prefix, get, list] of [
  ['/js', resources.getInJavaScript.bind(resources), resources.listInJavaScript.bind(resources)],
  ['/sql', resources.getInSql.bind(resources), resources.listInSql.bind(resources)],
  ['/kept', resources.getKept.bind(resources), resources.listKept.bind(resources)],
] as const) {
  app.get<{ Params: { id: string } }>(`${prefix}/v1/resources/:id`, async (request, reply) => {
    if (callerOf(request, 'resources:read') === null) return reply.code(401).send();
    const found = await get(request.params.id);
    return found === null ? reply.code(404).send() : reply.header('Content-Type', json).send(found);
  });
  app.get<{ Querystring: { type: string; limit: string } }>(
    `${prefix}/v1/resources`,
    async (request, reply) => {
      if (callerOf(request, 'resources:read') === null) return reply.code(401).send();
      return reply
        .header('Content-Type', json)
        .send(await list(request.query.type, Number(request.query.limit)));
    },
  );
}

app.post<{ Body: NewResource }>(
  '/v1/resources',
  { schema: { body: newResourceSchema } },
  async (request, reply) => {
    const owner = callerOf(request, 'resources:write');
    if (owner === null) return reply.code(401).send();
    const made = await resources.create(request.body, owner, crypto.randomUUID());
    return reply.code(201).header('Content-Type', json).send(made);
  },
);

const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ url });
process.on('disconnect', () => process.exit(0));
