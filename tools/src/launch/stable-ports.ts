import { join } from 'node:path';
import { readText, writePrivate } from './files.js';
import { freePort, portIsFree } from './ports.js';

/**
 * The inner ports of a data folder, the same at each start as long as they are free: addresses that were handed out
 * (the issuer of a session, a saved database connection) stay right.
 */
export class StablePorts {
  private readonly file: string;
  private readonly ports: Record<string, number>;

  constructor(dataFolder: string) {
    this.file = join(dataFolder, 'ports.json');
    this.ports = readPorts(this.file);
  }

  async take(name: string): Promise<number> {
    const known = this.ports[name];
    const taken = new Set(
      Object.entries(this.ports).flatMap(([other, port]) => (other === name ? [] : [port])),
    );
    if (known !== undefined && (await portIsFree(known, '127.0.0.1'))) return known;
    let port = await freePort();
    while (taken.has(port)) port = await freePort();
    this.ports[name] = port;
    writePrivate(this.file, `${JSON.stringify(this.ports, null, 2)}\n`);
    return port;
  }
}

function readPorts(file: string): Record<string, number> {
  try {
    const known: unknown = JSON.parse(readText(file) ?? '{}');
    if (known === null || typeof known !== 'object') return {};
    return Object.fromEntries(
      Object.entries(known).filter((entry): entry is [string, number] => Number.isInteger(entry[1])),
    );
  } catch {
    return {};
  }
}
