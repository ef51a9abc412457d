import { describe, expect, it } from '@jest/globals';
import { errorFacts } from './log.js';

describe('an error in a log line', () => {
  it('keeps what finds the fault, and none of the values that the statement was given', () => {
    const driver = Object.assign(new Error('duplicate key value'), {
      code: '23505',
      constraint: 'users_email_key',
      detail: 'Key (email)=(ada@example.com) already exists.',
    });
    const thrown = Object.assign(new Error('write failed', { cause: driver }), {
      query: 'INSERT INTO users',
      parameters: ['ada@example.com', 'erato_secret'],
      driverError: driver,
    });
    const line = JSON.stringify(errorFacts(thrown));
    expect(line).not.toContain('ada@example.com');
    expect(line).not.toContain('erato_secret');
    expect(errorFacts(thrown)).toMatchObject({
      type: 'Error',
      message: 'write failed',
      cause: { code: '23505', constraint: 'users_email_key', message: 'duplicate key value' },
    });
  });

  it('ends at causes that go round in a circle, and passes what is no error', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(errorFacts(error))).toContain('round');
    expect(errorFacts('a text')).toBe('a text');
  });
});
