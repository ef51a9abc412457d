import { describe, expect, it } from '@jest/globals';
import { ClientAddress } from './address.js';

describe('the client’s address', () => {
  it('is the peer where no proxy is trusted, whatever the header says', () => {
    expect(new ClientAddress([]).of('203.0.113.9', '198.51.100.1')).toBe('203.0.113.9');
  });

  it('is the last address in the header that no trusted proxy has', () => {
    const addresses = new ClientAddress(['10.0.0.0/8']);
    expect(addresses.of('10.0.0.1', 'forged, 198.51.100.1, 10.2.3.4')).toBe('198.51.100.1');
    expect(addresses.of('::ffff:10.0.0.1', '198.51.100.7')).toBe('198.51.100.7');
    expect(addresses.of('10.0.0.1', 'not an address')).toBe('10.0.0.1');
  });

  it('counts IPv6 by its /64', () => {
    const addresses = new ClientAddress([]);
    expect(addresses.of('2001:db8:1:2:3:4:5:6', undefined)).toBe('2001:db8:1:2::/64');
    expect(addresses.of('2001:db8:1:2::9', undefined)).toBe('2001:db8:1:2::/64');
    expect(addresses.of('2001:db8::9', undefined)).toBe('2001:db8:0:0::/64');
  });
});
