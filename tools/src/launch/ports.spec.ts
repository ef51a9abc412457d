import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { choosePort, freePorts, portIsFree } from './ports.js';

const open: Server[] = [];
afterEach(() => open.splice(0).forEach((server) => server.close()));

async function take(): Promise<number> {
  const server = createServer();
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('choosing a port', () => {
  it('takes the wanted one when it is free', async () => {
    const [port = 0] = await freePorts(1);
    expect(await choosePort(port, '127.0.0.1', false)).toBe(port);
  });

  it('takes a later one when it is taken and was not asked for', async () => {
    const taken = await take();
    const chosen = await choosePort(taken, '127.0.0.1', false);
    expect(chosen).toBeGreaterThan(taken);
    expect(await portIsFree(chosen, '127.0.0.1')).toBe(true);
  });

  it('says what to do when exactly this one was asked for', async () => {
    const taken = await take();
    await expect(choosePort(taken, '127.0.0.1', true)).rejects.toThrow(`port ${taken} on 127.0.0.1 is taken`);
  });

  it('gives several different ones at once', async () => {
    expect(new Set(await freePorts(20)).size).toBe(20);
  });
});
