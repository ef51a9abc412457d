import { join } from 'node:path';
import { readText } from '../launch/files.js';
import { causeOf, messageOf } from '../launch/error.js';
import type { Settings } from '../launch/settings.js';
import { fail, ok, type Finding } from './finding.js';

interface Readiness {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Where the API is: as the running launcher noted it, else as the settings say. */
export function addressOf({ dataFolder, host, port }: Settings): string {
  const noted = JSON.parse(readText(join(dataFolder, 'run', 'system.json')) ?? '{}') as { url?: string };
  return noted.url ?? `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
}

/** The API serves, and each of its dependencies is up. */
export async function gateway(settings: Settings): Promise<Finding[]> {
  const url = addressOf(settings);
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    const { dependencies = {} } = (await response.json()) as Readiness;
    const down = Object.entries(dependencies).filter(([, state]) => state !== 'up');
    if (down.length === 0 && response.ok) return [ok(`the API at ${url} is ready`)];
    return down.map(([name, state]) => fail(`the API at ${url} waits for ${name}: ${state}`));
  } catch (error) {
    return [fail(`the API at ${url} does not answer: ${messageOf(causeOf(error))}`)];
  }
}
