/** How one user reaches NATS. */
export interface NatsLogin {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/**
 * How a service reaches a NATS server of the user's own: with the password in `NATS_PASSWORD_<SERVICE>` as the user
 * named after it, which gives each the permissions of `erato nats-config`; else with NATS_USER and NATS_PASSWORD, or
 * the user in NATS_URL, for all of them alike. The admin user is the service `admin`.
 */
export function externalLogin(
  url: string,
  service: string,
  env: Readonly<Record<string, string>>,
): NatsLogin {
  const addresses = url.split(',').map((each) => new URL(each.includes('://') ? each : `nats://${each}`));
  const [first] = addresses;
  const bare = addresses.map((address) => `${address.protocol}//${address.host}`).join(',');
  const own = env[`NATS_PASSWORD_${service.toUpperCase()}`];
  if (own !== undefined) return { url: bare, user: service, password: own };
  return {
    url: bare,
    user: env['NATS_USER'] ?? decodeURIComponent(first?.username ?? ''),
    password: env['NATS_PASSWORD'] ?? decodeURIComponent(first?.password ?? ''),
  };
}
