import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkOS } from '@workos-inc/node';
import { startWorkos, type RunningWorkos, type WorkosOptions } from '../src/workos/server.js';
import { Conformance } from './workos-openapi.js';

export const API_KEY = 'sk_test_stand_in';
export const CLIENT_ID = 'client_stand_in';

export interface Fixture {
  readonly running: RunningWorkos;
  readonly sdk: WorkOS;
  readonly conformance: Conformance;
  /** A raw call with the API key; a path that begins with "/". */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

/** The real SDK against a stand-in; every answer that passes is checked against WorkOS' OpenAPI document. */
export async function aWorkos(options: Partial<WorkosOptions> = {}): Promise<Fixture> {
  const running = await startWorkos({ apiKey: API_KEY, clientId: CLIENT_ID, ...options });
  const conformance = new Conformance();
  const original = globalThis.fetch;
  globalThis.fetch = conformance.watch(original, () => running.url);
  const sdk = sdkFor(running.port);
  return {
    running,
    sdk,
    conformance,
    call: async (method, path, body, headers = {}) => {
      const response = await fetch(`${running.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', ...headers },
        redirect: 'manual',
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = response.headers.get('content-type')?.includes('json') === true;
      return {
        status: response.status,
        body: json ? (JSON.parse(text) as Record<string, unknown>) : { text },
        headers: response.headers,
      };
    },
    close: async () => {
      globalThis.fetch = original;
      await running.close();
    },
  };
}

export function sdkFor(
  port: number,
  options: { apiKey?: string; maxRetries?: number; timeout?: number } = {},
): WorkOS {
  return new WorkOS({
    apiKey: API_KEY,
    clientId: CLIENT_ID,
    apiHostname: '127.0.0.1',
    port,
    https: false,
    maxRetries: 0,
    ...options,
  });
}

/** A folder that is removed by `remove`. */
export function aFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'workos-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Waits until something holds; fails after five seconds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come true within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
