import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { commonEnvironment } from './environment.js';
import { nodePart } from './node-part.js';
import type { Part } from './part.js';
import type { Secrets } from './secrets.js';
import type { Settings } from './settings.js';
import type { StablePorts } from './stable-ports.js';

/** WorkOS as the services see it: the real one, or the stand-in. */
export interface Workos {
  /** Undefined for the real one. */
  readonly part: Part | undefined;
  /** The variables by which services reach it. */
  readonly variables: Readonly<Record<string, string>>;
  /** How tests steer the stand-in; undefined for the real one. */
  readonly control: { readonly url: string; readonly token: string } | undefined;
}

const variables = [
  'WORKOS_API_KEY',
  'WORKOS_CLIENT_ID',
  'WORKOS_API_URL',
  'WORKOS_ISSUER',
  'WORKOS_WEBHOOK_SECRET',
];
const clientId = 'client_erato_local';

/** The stand-in's process entry. */
export const standInScript = fileURLToPath(new URL('../../dist/workos/main.js', import.meta.url));

/** Finds out which WorkOS is used; nothing is started yet. `gateway` is where webhooks go. */
export async function openWorkos(
  settings: Settings,
  secrets: Secrets,
  ports: StablePorts,
  gateway: string,
  onWarning: (line: string) => void,
): Promise<Workos> {
  const { env, workosApiKey, dataFolder } = settings;
  if (workosApiKey !== undefined) {
    const given = variables.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
    return {
      part: undefined,
      variables: Object.fromEntries(given) as Record<string, string>,
      control: undefined,
    };
  }
  if (env['NODE_ENV'] === 'production') {
    throw new Error(
      'with NODE_ENV=production the stand-in for WorkOS does not start: set WORKOS_API_KEY and WORKOS_CLIENT_ID',
    );
  }
  const port = await ports.take('workos');
  const url = `http://127.0.0.1:${port}`;
  const part = nodePart({
    name: 'workos',
    script: standInScript,
    env: {
      ...commonEnvironment(env),
      WORKOS_API_KEY: secrets.workos.apiKey,
      WORKOS_CLIENT_ID: clientId,
      WORKOS_WEBHOOK_URL: `${gateway}/webhooks/workos`,
      WORKOS_WEBHOOK_SECRET: secrets.workos.webhookSecret,
      WORKOS_STANDIN_PORT: String(port),
      WORKOS_STANDIN_DATA_DIR: join(dataFolder, 'workos'),
      WORKOS_STANDIN_CONTROL_TOKEN: secrets.workos.controlToken,
      ...(env['ERATO_REDIRECT_URIS'] === undefined
        ? {}
        : { WORKOS_STANDIN_REDIRECT_URIS: env['ERATO_REDIRECT_URIS'] }),
    },
    readiness: { port, path: `/sso/jwks/${clientId}` },
    logFolder: join(dataFolder, 'logs'),
    runFolder: join(dataFolder, 'run'),
    stopWithinMs: 2_000,
    onWarning,
  });
  return {
    part,
    control: { url, token: secrets.workos.controlToken },
    variables: {
      WORKOS_API_KEY: secrets.workos.apiKey,
      WORKOS_CLIENT_ID: clientId,
      WORKOS_API_URL: url,
      WORKOS_WEBHOOK_SECRET: secrets.workos.webhookSecret,
      // Without AuthKit's pages a password is how a newcomer signs in (identity.md, POST /auth/token).
      ERATO_PASSWORD_GRANT: 'on',
    },
  };
}
