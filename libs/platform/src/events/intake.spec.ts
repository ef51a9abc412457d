import { describe, expect, it } from '@jest/globals';
import { Intake } from './intake.js';

describe('the intake', () => {
  it('takes no more from the stream than it has room for, until some of it is taken', async () => {
    let given = 0;
    async function* stream(): AsyncGenerator<number> {
      while (given < 10) yield await Promise.resolve(given++);
    }
    const intake = new Intake(stream(), 4);
    expect(await intake.take(1)).toEqual([0]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(given).toBeLessThanOrEqual(7);
    const rest: number[] = [];
    for (let some = await intake.take(3); some.length > 0; some = await intake.take(3)) rest.push(...some);
    expect(rest).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('passes on the error with which a stream ends, after what came before it', async () => {
    async function* stream(): AsyncGenerator<number> {
      yield await Promise.resolve(1);
      throw new Error('gone');
    }
    const intake = new Intake(stream(), 4);
    expect(await intake.take(5)).toEqual([1]);
    await expect(intake.take(5)).rejects.toThrow('gone');
  });
});
