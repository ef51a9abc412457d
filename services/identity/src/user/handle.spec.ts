import { describe, expect, it } from '@jest/globals';
import { acceptedHandle, normalHandle } from './handle.js';

describe('handles', () => {
  it('are kept in small letters', () => {
    expect(normalHandle('Ana_LIMA')).toBe('ana_lima');
    expect(acceptedHandle('Ana_Lima99')).toBe('ana_lima99');
  });

  it('are not words that the platform keeps, whatever their case', () => {
    for (const word of ['admin', 'Admin', 'API', 'me', 'support', 'erato', 'null', 'webhooks']) {
      expect(() => acceptedHandle(word)).toThrow(expect.objectContaining({ code: 'validation_failed' }));
    }
    expect(acceptedHandle('administer')).toBe('administer');
  });
});
