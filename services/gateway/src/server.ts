import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { everyTable } from '@erato/contracts/catalogue';
import { Health } from '@erato/platform/service/health';
import { LOG, NestLog, openLog, type Log } from '@erato/platform/service/log';
import { startTracing } from '@erato/platform/telemetry/tracing';
import { Bus } from '@erato/platform/transport/bus';
import { BusCaller } from '@erato/platform/transport/caller';
import { CallerSigner } from '@erato/platform/transport/signed-caller';
import { CONFIG } from './config-token.js';
import type { GatewayConfig } from './config.js';
import { Cors } from './cors/cors.js';
import { GatewayModule } from './gateway.module.js';
import { observeAnswers } from './observe-answers.js';
import { sendErrorPage } from './page/refusal.js';
import { noSuchRoute } from './problem/failures.js';
import { toProblem } from './problem/problem.js';
import { Problems } from './problem/problems.js';
import { mayBePage, Refusals } from './problem/refusals.js';
import { Rates } from './rate/rates.js';
import { SIGNER } from './route/ask.js';
import { everyPath } from './route/every-path.js';
import { tracePages } from './trace-pages.js';

/** The largest body, in bytes (http.md, Limits). */
const bodyLimit = 1024 * 1024;

export interface RunningGateway {
  /** Where it serves: `http://host:port`. */
  readonly url: string;
  readonly healthPort: number;
  close(): Promise<void>;
}

@Module({})
class PlatformModule {}

/** Starts the gateway: bus, routes of every contract, HTTP, and the port for health and metrics. */
export async function startGateway(config: GatewayConfig): Promise<RunningGateway> {
  const log = openLog('gateway', config.logLevel);
  const stopTracing = await startTracing('gateway', config.traceEndpoint);
  const bus = await Bus.open({
    url: config.natsUrl,
    user: config.natsUser,
    password: config.natsPassword,
    name: 'gateway',
  });
  const caller = new BusCaller(bus);
  const health = new Health();
  const adapter = fastify();
  const app = await NestFactory.create<NestFastifyApplication>(
    { module: PlatformModule, imports: [platform(config, { bus, caller, log }), GatewayModule] },
    adapter,
    { logger: new NestLog(log), abortOnError: false, bodyParser: false },
  );
  const instance = adapter.getInstance<FastifyInstance>();
  const rates = app.get(Rates, { strict: false });
  const problems = app.get(Problems, { strict: false });
  bodies(instance);
  const paths = everyPath();
  everyAnswer(instance, rates, new Cors(config.corsOrigins, paths, problems));
  app.useGlobalFilters(new Refusals(problems, rates, paths));
  await app.listen(config.port, config.host);

  health.add('nats', () => bus.connected || 'disconnected');
  const healthPort = await health.listen(config.healthHost, config.healthPort);
  const url = await app.getUrl();
  log.info({ url, healthPort }, 'ready');
  return {
    url,
    healthPort,
    async close() {
      await health.close();
      await app.close();
      caller.close();
      await bus.close();
      await stopTracing();
      log.flush();
    },
  };
}

interface Parts {
  bus: Bus;
  caller: BusCaller;
  log: Log;
}

function platform(config: GatewayConfig, parts: Parts): DynamicModule {
  const provided = [
    { provide: CONFIG, useValue: config },
    { provide: Bus, useValue: parts.bus },
    { provide: BusCaller, useValue: parts.caller },
    { provide: LOG, useValue: parts.log },
    { provide: SIGNER, useValue: new CallerSigner(config.callerMasterKey, everyTable) },
  ];
  return {
    module: PlatformModule,
    global: true,
    providers: provided,
    exports: provided.map((each) => each.provide),
  };
}

/** Paths that Fastify itself cannot read (a broken escape, a parameter that is too long) lead nowhere. */
function fastify(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit,
    genReqId: (request: { headers: NodeJS.Dict<string | string[]> }) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && /^[A-Za-z0-9._-]{8,128}$/.test(given) ? given : crypto.randomUUID();
    },
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: false },
    frameworkErrors: (_: unknown, request: FastifyRequest, reply: FastifyReply) => {
      if (mayBePage(request)) {
        sendErrorPage(reply.headers({ ...securityHeaders, 'X-Request-Id': request.id }), 404, request.id);
        return;
      }
      const about = { instance: request.url.split('?')[0]?.slice(0, 500) ?? '', requestId: request.id };
      void reply
        .code(404)
        .headers({ ...securityHeaders, 'X-Request-Id': request.id, 'Cache-Control': 'no-store' })
        .type('application/problem+json')
        .send(JSON.stringify(toProblem(noSuchRoute(), about)));
    },
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    return503OnClosing: true,
    logController: new LogController({ disableRequestLogging: true }),
  });
}

/** Bodies stay text: the route's reader parses them, and webhooks need them as they came. */
function bodies(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  const text = (_: FastifyRequest, body: string, done: (error: null, body: string) => void): void =>
    done(null, body);
  instance.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'string' },
    text,
  );
}

const securityHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  Vary: 'Authorization, Erato-Act-As, Origin',
};

function everyAnswer(instance: FastifyInstance, rates: Rates, cors: Cors): void {
  instance.addHook('onRequest', (request, reply, next) => {
    reply.headers(securityHeaders).header('X-Request-Id', request.id);
    if (!request.url.startsWith('/docs'))
      reply.header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    if (rates.overTls(request))
      reply.header('Strict-Transport-Security', 'max-age=63072000; includeSubDomains');
    if (!cors.meet(request, reply)) next();
  });
  observeAnswers(instance);
  tracePages(instance);
}
