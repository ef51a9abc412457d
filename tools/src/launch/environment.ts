import type { ServiceName } from '@erato/contracts/services';
import { receiverKey } from '@erato/platform/transport/signed-caller';
import type { NatsLogin } from '../nats/login.js';
import type { Secrets } from './secrets.js';

/** Where everything is that a service's process needs to know. */
export interface Surroundings {
  readonly secrets: Secrets;
  readonly nats: (service: ServiceName) => NatsLogin;
  readonly databaseUrl: (service: ServiceName) => string | undefined;
  readonly healthPort: (service: ServiceName) => number;
  readonly host: string;
  readonly port: number;
  readonly adminKeyFile: string;
  /** What reaches WorkOS or its stand-in. */
  readonly workos: Readonly<Record<string, string>>;
  /** The user's own variables, without empty ones. */
  readonly env: Readonly<Record<string, string>>;
}

/** What any process of the system may see of the launcher's environment: nothing that is secret. */
const common =
  /^(PATH|HOME|USER|TMPDIR|TEMP|TMP|TZ|LANG|LC_.+|SYSTEMROOT|NODE_ENV|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|(HTTPS?|NO)_PROXY|LOG_LEVEL|OTEL_.+|ERATO_DATABASE_POOL)$/i;

/** The user's variables that one service reads besides. */
const own: Readonly<Partial<Record<ServiceName, readonly string[]>>> = {
  gateway: [
    'ERATO_RATE_KEY',
    'ERATO_RATE_GUEST',
    'ERATO_TRUSTED_PROXIES',
    'ERATO_CORS_ORIGINS',
    'ERATO_PUBLIC_URL',
    'ERATO_ADMIN_ROLE',
    'ERATO_HOME_ORGANIZATION',
  ],
  identity: ['ERATO_HOME_ORGANIZATION', 'ERATO_ADMIN_ROLE', 'ERATO_PASSWORD_GRANT', 'ERATO_REDIRECT_URIS'],
};

/** Of WorkOS' variables, which service reads which: the gateway needs no key, only whom to believe. */
const workos: Readonly<Partial<Record<ServiceName, readonly string[]>>> = {
  gateway: ['WORKOS_CLIENT_ID', 'WORKOS_API_URL', 'WORKOS_ISSUER', 'WORKOS_WEBHOOK_SECRET'],
  identity: [
    'WORKOS_API_KEY',
    'WORKOS_CLIENT_ID',
    'WORKOS_API_URL',
    'WORKOS_WEBHOOK_SECRET',
    'ERATO_PASSWORD_GRANT',
  ],
};

const pick = (from: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));

/** The part of an environment that every process of the system is given. */
export const commonEnvironment = (env: Readonly<Record<string, string>>): Record<string, string> =>
  pick(
    env,
    Object.keys(env).filter((name) => common.test(name)),
  );

/** The whole environment of one service's process: each service gets the secrets that it needs and no other. */
export function serviceEnvironment(service: ServiceName, around: Surroundings): Record<string, string> {
  const { url, user, password } = around.nats(service);
  const database = around.databaseUrl(service);
  const health = String(around.healthPort(service));
  return {
    ...commonEnvironment(around.env),
    ...pick(around.workos, workos[service] ?? []),
    ...pick(around.env, own[service] ?? []),
    ERATO_SERVICE: service,
    NATS_URL: url,
    NATS_USER: user,
    NATS_PASSWORD: password,
    ERATO_HEALTH_PORT: health,
    ERATO_CURSOR_KEY: around.secrets.cursorKey,
    ...(database === undefined ? {} : { DATABASE_URL: database }),
    ...(service === 'gateway'
      ? {
          HOST: around.host,
          PORT: String(around.port),
          ERATO_METRICS_PORT: health,
          ERATO_CALLER_MASTER_KEY: around.secrets.callerMasterKey,
        }
      : { ERATO_CALLER_KEY: receiverKey(around.secrets.callerMasterKey, service) }),
    ...(service === 'identity' ? { ERATO_ADMIN_KEY_FILE: around.adminKeyFile } : {}),
  };
}
