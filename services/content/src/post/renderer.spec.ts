import { afterAll, describe, expect, it } from '@jest/globals';
import { isPlain, Renderer } from './renderer.js';

const renderer = new Renderer();
afterAll(() => renderer.onModuleDestroy());

const evil: readonly (readonly [string, string])[] = [
  ['emphasis', '*a_'.repeat(15_000)],
  ['many links', '[a]('.repeat(30_000)],
  ['nested quotes', '>'.repeat(90_000) + 'a'],
];

describe('rendering', () => {
  it('of a plain body takes no thread', async () => {
    expect(isPlain('We are **on tour**. '.repeat(60))).toBe(true);
    expect(await renderer.render('post.body', '**a**')).toEqual({
      html: '<p><strong>a</strong></p>',
      text: 'a',
    });
  });

  it('of a rich body gives the same', async () => {
    const body = 'We are **on tour**. '.repeat(200);
    expect(isPlain(body)).toBe(false);
    expect((await renderer.render('post.body', body)).html).toContain('<strong>on tour</strong>');
  });

  it.each(evil)('of %s beyond measure is refused, and others are served meanwhile', async (_, body) => {
    expect(isPlain(body)).toBe(false);
    let served = 0;
    const timer = setInterval(() => served++, 10);
    const refused = renderer.render('post.body', body);
    await expect(refused).rejects.toMatchObject({ errors: [{ path: 'post.body', code: 'too_complex' }] });
    clearInterval(timer);
    expect(served).toBeGreaterThan(20);
    expect((await renderer.render('post.body', '**a** '.repeat(200))).text).toMatch(/^a a/);
  });
});
