import { scopes } from '@erato/contracts/kit/context';
import { baseVariables } from '@erato/platform/service/config';
import { hexKey, integer, list, optional, origin, readEnv, text } from '@erato/platform/service/env';

const variables = {
  ...baseVariables,
  host: text('HOST', '127.0.0.1'),
  port: integer('PORT', 8080, { min: 0, max: 65_535 }),
  callerMasterKey: hexKey('ERATO_CALLER_MASTER_KEY'),
  rateKey: integer('ERATO_RATE_KEY', 100, { min: 1, max: 1_000_000 }),
  rateGuest: integer('ERATO_RATE_GUEST', 20, { min: 1, max: 1_000_000 }),
  trustedProxies: list('ERATO_TRUSTED_PROXIES'),
  corsOrigins: list('ERATO_CORS_ORIGINS'),
  publicUrl: origin('ERATO_PUBLIC_URL'),
  workosClientId: text('WORKOS_CLIENT_ID'),
  workosApiUrl: text('WORKOS_API_URL', 'https://api.workos.com'),
  workosIssuer: optional('WORKOS_ISSUER'),
  webhookSecret: optional('WORKOS_WEBHOOK_SECRET'),
} as const;

/** The gateway's configuration; wrong or missing variables end the start with their names. */
export const readGatewayConfig = (env: NodeJS.ProcessEnv = process.env) => {
  const read = readEnv(variables, env);
  return {
    ...read,
    workosIssuer: read.workosIssuer ?? `${read.workosApiUrl}/user_management/${read.workosClientId}`,
  };
};

export type GatewayConfig = ReturnType<typeof readGatewayConfig>;

/** All scopes but `admin`: what a person's session holds (http.md, Who calls). */
export const personalScopes: readonly string[] = scopes.filter((scope) => scope !== 'admin');
