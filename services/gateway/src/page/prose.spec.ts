import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseFragment, serialize } from 'parse5';
import { partsOf } from './prose.js';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** HTML as the sanitizer writes it: nested, well-formed. */
const { block } = fc.letrec<{ inline: string; block: string }>((tie) => ({
  inline: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'grapheme', maxLength: 300 }).map(escaped),
    fc
      .tuple(fc.constantFrom('em', 'strong', 'del', 'code'), tie('inline'))
      .map(([tag, within]) => `<${tag}>${within}</${tag}>`),
    tie('inline').map(
      (within) => `<a href="https://a.example/">${within.replaceAll(/<\/?a\b[^>]*>/g, '')}</a>`,
    ),
  ),
  block: fc.oneof(
    { maxDepth: 3 },
    tie('inline').map((within) => `<p>${within}</p>`),
    tie('inline').map((within) => `<pre>${within}</pre>`),
    fc
      .array(tie('block'), { minLength: 1, maxLength: 5 })
      .map((items) => `<ol>${items.map((item) => `<li>${item}</li>`).join('')}</ol>`),
    fc
      .array(tie('block'), { minLength: 1, maxLength: 3 })
      .map((within) => `<blockquote>${within.join('')}</blockquote>`),
  ),
}));
const bodies = fc.array(block, { maxLength: 20 }).map((blocks) => blocks.join('\n'));

const textOf = (html: string): string => html.replaceAll(/<[^>]*>/g, '');

describe('a body in parts', () => {
  it('has the words of the whole in their order, each part well-formed and no larger than it may be', () => {
    fc.assert(
      fc.property(bodies, fc.integer({ min: 1_000, max: 20_000 }), (body, bytes) => {
        const parts = partsOf(body, bytes);
        expect(parts.map(textOf).join('').replaceAll(/\s+/g, '')).toBe(textOf(body).replaceAll(/\s+/g, ''));
        for (const part of parts) {
          expect(Buffer.byteLength(part)).toBeLessThanOrEqual(bytes);
          const errors: string[] = [];
          parseFragment(part, { onParseError: ({ code }) => errors.push(code) });
          expect(errors.filter((code) => !/^(?:control|noncharacter|surrogate)/.test(code))).toEqual([]);
        }
      }),
    );
  });

  it('goes on with the number at which a list was cut', () => {
    const items = Array.from({ length: 60 }, (_, at) => `<li>${at + 1} ${'word '.repeat(10)}</li>`);
    const parts = partsOf(`<ol>${items.join('')}</ol>`, 1_000);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) {
      const [, start = '1', first] = /^<ol(?: start="(\d+)")?><li>(\d+)? ?/.exec(part) ?? [];
      if (first !== undefined) expect(start).toBe(first);
    }
  });

  it('makes links of images, a place in the outline of headings, and a region of tables', () => {
    const [part] = partsOf(
      '<h2>A</h2><h4>B</h4><h4>C</h4><h1>D</h1><p><img src="https://a.example/b.png" alt="B &amp; C" /></p>' +
        '<table><tr><td align="right">1</td></tr></table><ul><li><input type="checkbox" disabled checked /> done</li></ul>',
      9_000,
    );
    expect(part).toContain('<h2>A</h2><h3>B</h3><h3>C</h3><h2>D</h2>');
    expect(part).toContain(
      '<a href="https://a.example/b.png" rel="nofollow noopener noreferrer ugc">▣ B &amp; C</a>',
    );
    expect(part).toContain('tabindex="0"><table><tr><td class="right">1</td></tr></table></div>');
    expect(part).toContain('<li>☑ done</li>');
  });

  it('lets nothing through that content should have kept back', () => {
    const [part = ''] = partsOf(
      `<script>alert(1)</script><p onclick="x" style="y">a<iframe src="https://a.example"></iframe></p><a href="javascript:x">b</a><b`,
      9_000,
    );
    expect(serialize(parseFragment(part))).toBe('alert(1)<p>a</p><a>b</a>&lt;b');
  });
});
