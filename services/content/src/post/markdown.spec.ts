import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { vectors } from '../../test/xss-vectors.js';
import { renderAny, renderMarkdown, renderProse } from './markdown.js';

const html = (body: string): string => renderMarkdown(body).html;

/** The tags and attributes of a piece of HTML as a browser would find them, text left aside. */
function anatomy(html: string): { tag: string; attributes: [string, string][] }[] {
  return [...html.matchAll(/<([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*\/?>/g)].map(
    ([, tag = '', attributes = '']) => ({
      tag,
      attributes: [...attributes.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(
        ([, name = '', value = '']): [string, string] => [name, value],
      ),
    }),
  );
}

const harmless = new Set(
  (
    'p br hr h1 h2 h3 h4 h5 h6 blockquote pre code ul ol li a img em strong del ins sub sup b i s u kbd mark small abbr ' +
    'table thead tbody tr th td input section details summary'
  ).split(' '),
);
const harmlessAttributes = new Set(
  'href title rel id src alt loading start class align type disabled checked data-footnote-ref data-footnote-backref data-footnotes aria-label'.split(
    ' ',
  ),
);

/** What a browser takes the address for, on a page of ours. */
function protocolOf(attribute: string): string {
  const address = attribute
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
  return new URL(address, 'https://own.example/').protocol;
}

function expectHarmless(html: string): void {
  const elements = anatomy(html);
  const opened = html.match(/<[^/]/g) ?? [];
  expect(opened).toHaveLength(elements.length);
  for (const { tag, attributes } of elements) {
    expect(harmless).toContain(tag);
    for (const [name, value] of attributes) {
      expect(harmlessAttributes).toContain(name);
      if (name === 'href') expect(['https:', 'http:', 'mailto:']).toContain(protocolOf(value));
      if (name === 'src') expect(value).toMatch(/^https:\/\//);
      if (name === 'id') expect(value).toMatch(/^user-content-/);
    }
  }
}

describe('Markdown', () => {
  it('is CommonMark and GFM', () => {
    const shown = html(
      '# Tour\n\nWe are **on** ~~holiday~~ *tour*, see https://example.com\n\n| City | Day |\n|:--|--:|\n| Oslo | 1 |\n\n- [x] packed\n- [ ] slept\n\n```ts\nlet a = 1 < 2;\n```',
    );
    expect(shown).toContain('<h1>Tour</h1>');
    expect(shown).toContain('<strong>on</strong> <del>holiday</del> <em>tour</em>');
    expect(shown).toContain(
      '<a href="https://example.com" rel="nofollow noopener noreferrer ugc">https://example.com</a>',
    );
    expect(shown).toContain('<th align="left">City</th>');
    expect(shown).toContain('<input type="checkbox" disabled checked />');
    expect(shown).toContain('<code class="language-ts">let a = 1 &lt; 2;');
  });

  it('keeps harmless HTML, and footnotes', () => {
    expect(html('H<sub>2</sub>O<br>x')).toBe('<p>H<sub>2</sub>O<br />x</p>');
    expect(html('a[^1]\n\n[^1]: note')).toContain('id="user-content-fn-1"');
  });

  it.each(vectors)('makes nothing dangerous of %s', (vector) => {
    for (const body of [vector, `text ${vector} text`, `> ${vector}`, `- ${vector}\n\n  ${vector}`]) {
      expectHarmless(html(body));
    }
  });

  it('makes nothing dangerous of vectors put together', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...vectors, '\n\n', '`', '"', '<', '&', '| a |\n|--|\n'), { maxLength: 6 }),
        (parts) => expectHarmless(html(parts.join(''))),
      ),
      { numRuns: 500 },
    );
  });

  it('has words for an excerpt', () => {
    expect(
      renderMarkdown('# A & B\n\n1 < 2 **bold**\n\n- one\n- two\n\n<script>alert(1)</script>').text,
    ).toMatch(/^A & B 1 < 2 bold one two/);
  });

  it('is taken for prose only where that gives the same', () => {
    const word = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          'We',
          'are',
          'on',
          'tour',
          'Größe',
          '東京',
          '🎵',
          '1',
          '2024',
          '(live)',
          '50%',
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '1.',
          '2)',
          'www.',
          'www.a.de',
          'a/b',
          '...',
          '!',
          '?',
          "don't",
          '—',
          '’',
          ',',
          ';',
          'I.',
          '!(x)',
          '&',
          '#',
          '-',
          '*',
          '  ',
        ),
      },
    );
    const separator = fc.oneof(
      { weight: 8, arbitrary: fc.constant(' ') },
      { weight: 1, arbitrary: fc.constantFrom('\n', '\n\n', '\n\n\n', ' \n', '\n ', '') },
    );
    let taken = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(word, separator), { maxLength: 14 }), (words) => {
        const body = words.flat().join('');
        const rendered = renderProse(body);
        if (rendered) taken++;
        if (rendered) expect(rendered).toEqual(renderAny(body));
      }),
      { numRuns: 4_000 },
    );
    expect(taken).toBeGreaterThan(400);
    const any = fc.string({ unit: fc.constantFrom(..." ,.;?!'()/\n1aW東\u00a0\u2028é"), maxLength: 12 });
    fc.assert(
      fc.property(any, (body) => {
        const rendered = renderProse(body);
        if (rendered) expect(rendered).toEqual(renderAny(body));
      }),
      { numRuns: 4_000 },
    );
  });
});
