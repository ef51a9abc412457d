import { createServer } from 'node:net';
import { codeOf } from './error.js';

const listening = (port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.unref();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port was given'));
      });
    });
  });

/** Several different free ports of this host. */
export async function freePorts(count: number, host = '127.0.0.1'): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) found.add(await listening(0, host));
  return [...found];
}

/** A TCP port of this host that is free now. Nothing keeps it: whoever asked has to bind it soon. */
export const freePort = (host = '127.0.0.1'): Promise<number> => listening(0, host);

/** Whether a port can be bound on this host; a port that needs rights that the user lacks cannot. */
export async function portIsFree(port: number, host: string): Promise<boolean> {
  try {
    await listening(port, host);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE' || codeOf(error) === 'EACCES') return false;
    throw error;
  }
}

/** How many ports after the wanted one are tried. */
const attempts = 50;

/**
 * The wanted port when it is free; else the next free one, unless the user asked for exactly this one.
 * Throws with what to do when there is none.
 */
export async function choosePort(wanted: number, host: string, explicit: boolean): Promise<number> {
  if (wanted === 0) return freePort(host);
  if (await portIsFree(wanted, host)) return wanted;
  if (explicit) {
    throw new Error(
      `port ${wanted} on ${host} is taken: stop what listens there, or set PORT to another port`,
    );
  }
  for (let port = wanted + 1; port <= Math.min(wanted + attempts, 65_535); port += 1) {
    if (await portIsFree(port, host)) return port;
  }
  throw new Error(
    `the ports ${wanted} to ${wanted + attempts} on ${host} are all taken: set PORT to a free one`,
  );
}
