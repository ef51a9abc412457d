import { BlockList, isIP, isIPv6 } from 'node:net';

/**
 * Finds the address for which a guest's rate counts. `X-Forwarded-For` is believed only as far as it was written by
 * trusted proxies: read from the right, the first address that is not one of them is the client's.
 */
export class ClientAddress {
  readonly #trusted = new BlockList();

  /** @param proxies addresses or networks (`10.0.0.0/8`) of `ERATO_TRUSTED_PROXIES`. */
  constructor(proxies: readonly string[]) {
    for (const proxy of proxies) {
      const [address = '', bits] = proxy.split('/');
      const family = isIPv6(address) ? 'ipv6' : 'ipv4';
      if (bits === undefined) this.#trusted.addAddress(address, family);
      else this.#trusted.addSubnet(address, Number(bits), family);
    }
  }

  of(peer: string, forwarded: string | undefined): string {
    let address = plain(peer);
    const hops = forwarded?.split(',').map((hop) => hop.trim()) ?? [];
    while (this.trusts(address) && hops.length > 0) {
      const before = plain(hops.pop() ?? '');
      if (isIP(before) === 0) break;
      address = before;
    }
    return network(address);
  }

  trusts(address: string): boolean {
    const plainAddress = plain(address);
    return (
      isIP(plainAddress) !== 0 && this.#trusted.check(plainAddress, isIPv6(plainAddress) ? 'ipv6' : 'ipv4')
    );
  }
}

const plain = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);

/** IPv6 clients own a /64, so they are counted by it. */
function network(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const filled =
    tail === undefined
      ? left
      : [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return (
    filled
      .slice(0, 4)
      .map((part) => part.replace(/^0+(?=.)/, ''))
      .join(':') + '::/64'
  );
}
