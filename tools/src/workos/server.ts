import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authenticateRoute } from './authenticate.js';
import { authkitRoutes } from './authkit.js';
import { isPast } from './clock.js';
import { controlRoutes } from './control-routes.js';
import { controlOf, RequestLog, type Control } from './control.js';
import { deleteUserRoute } from './delete-user.js';
import { emailVerificationRoutes } from './email-verification.js';
import { EventLog, eventRoutes } from './event-log.js';
import { Faults } from './faults.js';
import { listenerOf } from './http.js';
import { invitationRoutes } from './invitation.js';
import { membershipRoutes } from './membership.js';
import { organizationRoutes } from './organization.js';
import type { Route } from './router.js';
import { sessionRoutes } from './session.js';
import type { Standin } from './standin.js';
import { Store } from './store.js';
import { signingKey, tokenRoutes } from './token.js';
import { userRoutes } from './user.js';
import { Webhooks, type WebhookTarget } from './webhooks.js';

const SWEEP = 3_600_000;

export interface WorkosOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Where it remembers everything; without a folder it forgets at the end. */
  readonly dataDir?: string;
  /** `Authorization: Bearer` of the API, and the client secret. */
  readonly apiKey: string;
  readonly clientId: string;
  readonly webhook?: WebhookTarget;
  /** How long an access token is good for, in seconds; 300, as WorkOS has it. */
  readonly accessTokenSeconds?: number;
  /** The claim `iss`; `<url>/user_management/<clientId>` by default, as WorkOS has it. */
  readonly issuer?: string;
  /** Redirect URIs that are allowed beside loopback ones, compared whole. */
  readonly redirectUris?: readonly string[];
  /** Bearer token of `/_control`; without one it is not there. */
  readonly controlToken?: string;
}

export interface RunningWorkos {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** The claim `iss` of its access tokens. */
  readonly issuer: string;
  readonly control: Control;
  close(): Promise<void>;
}

/**
 * Starts the stand-in for WorkOS on 127.0.0.1. Refuses with NODE_ENV=production (security.md), with a port that is
 * taken, and with a journal that cannot be read.
 */
export async function startWorkos(options: WorkosOptions): Promise<RunningWorkos> {
  if (process.env['NODE_ENV'] === 'production') {
    throw new Error(
      'the WorkOS stand-in does not run with NODE_ENV=production; set WORKOS_API_URL and its key to the real one',
    );
  }
  // The port is taken before the journal is touched: it keeps a second process off the same folder.
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  try {
    return run(server, options);
  } catch (error) {
    server.close();
    throw error;
  }
}

function run(server: Server, options: WorkosOptions): RunningWorkos {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const store = new Store(options.dataDir);
  const standin: Standin = {
    store,
    events: new EventLog(store, options.webhook !== undefined),
    key: signingKey(store),
    apiKey: options.apiKey,
    clientId: options.clientId,
    accessTokenSeconds: options.accessTokenSeconds ?? 300,
    redirectUris: options.redirectUris ?? [],
    url,
    issuer: options.issuer ?? `${url}/user_management/${options.clientId}`,
  };
  const webhooks = options.webhook === undefined ? undefined : new Webhooks(store, options.webhook);
  const faults = new Faults();
  const log = new RequestLog();
  const control = controlOf(faults, log, webhooks);
  server.on(
    'request',
    listenerOf({
      standin,
      routes: routesOf(standin),
      control: controlRoutes(control),
      controlToken: options.controlToken,
      faults,
      log,
    }),
  );
  sweep(store);
  const sweeping = setInterval(() => sweep(store), SWEEP).unref();
  webhooks?.start();
  return {
    url,
    port,
    issuer: standin.issuer,
    control,
    close: async () => {
      clearInterval(sweeping);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, webhooks?.close()]);
      store.close();
    },
  };
}

function routesOf(standin: Standin): Route[] {
  return [
    ...organizationRoutes(standin),
    ...userRoutes(standin),
    deleteUserRoute(standin),
    ...membershipRoutes(standin),
    ...invitationRoutes(standin),
    ...sessionRoutes(standin),
    ...emailVerificationRoutes(standin),
    authenticateRoute(standin),
    ...authkitRoutes(standin),
    ...tokenRoutes(standin),
    ...eventRoutes(standin.store),
  ];
}

/** Forgets codes, pending sign-ins and idempotent answers whose time is over. */
function sweep(store: Store): void {
  store.transaction(() => {
    for (const table of [store.codes, store.pending, store.idempotency]) {
      for (const row of table.all()) if (isPast(row.expires_at)) table.delete(row.id);
    }
  });
}
