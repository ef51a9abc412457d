import { flag, list, optional, readEnv, text, ConfigError } from '@erato/platform/service/env';

const variables = {
  workosApiKey: text('WORKOS_API_KEY'),
  workosClientId: text('WORKOS_CLIENT_ID'),
  workosWebhookSecret: optional('WORKOS_WEBHOOK_SECRET'),
  workosApiUrl: text('WORKOS_API_URL', 'https://api.workos.com'),
  /** A name, under which it is created at first start, or the id of an organization in WorkOS. */
  homeOrganization: text('ERATO_HOME_ORGANIZATION', 'Erato'),
  /** The role in the home organization whose sessions administer Erato. */
  adminRole: optional('ERATO_ADMIN_ROLE'),
  adminKey: optional('ERATO_ADMIN_KEY'),
  adminKeyFile: optional('ERATO_ADMIN_KEY_FILE'),
  redirectUris: list('ERATO_REDIRECT_URIS'),
  passwordGrant: flag('ERATO_PASSWORD_GRANT', false),
  mode: text('NODE_ENV', 'development'),
} as const;

/** What identity needs beside what every service needs. */
export type IdentityConfig = ReturnType<typeof readVariables>;

/** For injection. */
export const IDENTITY_CONFIG = Symbol('identity config');

const readVariables = (env: NodeJS.ProcessEnv) => readEnv(variables, env);

/** Reads the environment once, at boot; throws {@link ConfigError} with the name of what is wrong. */
export function readIdentityConfig(env: NodeJS.ProcessEnv = process.env): IdentityConfig {
  const config = readVariables(env);
  const url = URL.canParse(config.workosApiUrl) ? new URL(config.workosApiUrl) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.pathname !== '/') {
    throw new ConfigError('WORKOS_API_URL must be an http or https address without a path');
  }
  if (config.passwordGrant && config.mode === 'production') {
    throw new ConfigError('ERATO_PASSWORD_GRANT must be off with NODE_ENV=production');
  }
  return config;
}
