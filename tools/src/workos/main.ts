import { startWorkos } from './server.js';

/** Runs the stand-in as a process of its own; every variable is in the README. */
const optional = (name: string): string | undefined =>
  process.env[name] === '' ? undefined : process.env[name];

function required(name: string): string {
  const value = optional(name);
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

function number(name: string): number | undefined {
  const value = optional(name);
  if (value === undefined) return undefined;
  if (!/^\d{1,6}$/.test(value)) throw new Error(`${name} must be a whole number, not '${value}'`);
  return Number(value);
}

async function main(): Promise<void> {
  const dataDir = optional('WORKOS_STANDIN_DATA_DIR');
  const port = number('WORKOS_STANDIN_PORT');
  const seconds = number('WORKOS_STANDIN_ACCESS_TOKEN_SECONDS');
  const issuer = optional('WORKOS_STANDIN_ISSUER');
  const webhookUrl = optional('WORKOS_WEBHOOK_URL');
  const controlToken = optional('WORKOS_STANDIN_CONTROL_TOKEN');
  const running = await startWorkos({
    apiKey: required('WORKOS_API_KEY'),
    clientId: required('WORKOS_CLIENT_ID'),
    redirectUris: optional('WORKOS_STANDIN_REDIRECT_URIS')?.split(',') ?? [],
    ...(port === undefined ? {} : { port }),
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(seconds === undefined ? {} : { accessTokenSeconds: seconds }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(controlToken === undefined ? {} : { controlToken }),
    ...(webhookUrl === undefined
      ? {}
      : { webhook: { url: webhookUrl, secret: required('WORKOS_WEBHOOK_SECRET') } }),
  });
  console.log(`WorkOS stand-in listening on ${running.url} (issuer ${running.issuer})`);
  const stop = (): void => void running.close();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
